"""A repository in the layout of Maven: files with their checksums, a description of each artifact, and which versions there are."""
import datetime
import hashlib
from xml.sax.saxutils import escape

import common

GROUP = "dev.landbridge"
URL = "https://github.com/landbridge/landbridge"
TIME = datetime.datetime.fromtimestamp(common.EPOCH, datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
  <modelVersion>4.0.0</modelVersion>
  <groupId>{group}</groupId>
  <artifactId>{artifact}</artifactId>
  <version>{version}</version>
  <name>{name}</name>
  <description>{description}</description>
  <url>{url}</url>
  <licenses>
    <license>
      <name>Apache-2.0</name>
      <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>
      <distribution>repo</distribution>
    </license>
  </licenses>
  <developers>
    <developer>
      <name>The Landbridge authors</name>
      <organization>Landbridge</organization>
      <organizationUrl>{url}</organizationUrl>
    </developer>
  </developers>
  <scm>
    <connection>scm:git:{url}.git</connection>
    <developerConnection>scm:git:{url}.git</developerConnection>
    <tag>v{version}</tag>
    <url>{url}</url>
  </scm>
  <issueManagement>
    <system>GitHub</system>
    <url>{url}/issues</url>
  </issueManagement>
{dependencies}</project>
"""
METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<metadata>
  <groupId>{group}</groupId>
  <artifactId>{artifact}</artifactId>
  <versioning>
    <latest>{version}</latest>
    <release>{version}</release>
    <versions>
      <version>{version}</version>
    </versions>
    <lastUpdated>{time}</lastUpdated>
  </versioning>
</metadata>
"""


def folder(root, artifact):
    made = root / GROUP.replace(".", "/") / artifact / common.version()
    made.mkdir(parents=True, exist_ok=True)
    return made


def file(root, artifact, ending):
    """Where a file of an artifact lies, such as the one that ends with `-sources.jar`."""
    return folder(root, artifact) / f"{artifact}-{common.version()}{ending}"


def pom(root, artifact, name, description, dependencies=()):
    """Writes a pom; dependencies are artifacts of ours with their scopes."""
    lines = []
    for other, scope in dependencies:
        lines += ["    <dependency>", f"      <groupId>{GROUP}</groupId>", f"      <artifactId>{other}</artifactId>",
                  f"      <version>{common.version()}</version>", f"      <scope>{scope}</scope>", "    </dependency>"]
    listed = "\n".join(["  <dependencies>", *lines, "  </dependencies>", ""]) if lines else ""
    text = POM.format(group=GROUP, artifact=artifact, version=common.version(), name=escape(name), url=URL,
                      description=escape(description), dependencies=listed)
    file(root, artifact, ".pom").write_text(text, encoding="utf-8")


def finish(root):
    """Writes which versions there are, and the checksums of all files."""
    for artifact in sorted((root / GROUP.replace(".", "/")).iterdir()):
        text = METADATA.format(group=GROUP, artifact=artifact.name, version=common.version(), time=TIME)
        (artifact / "maven-metadata.xml").write_text(text, encoding="utf-8")
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        for kind in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(kind, path.read_bytes()).hexdigest()
            path.with_name(f"{path.name}.{kind}").write_text(digest, encoding="ascii")
