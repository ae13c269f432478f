//! Questions about a network, as JSON.

use std::net::{IpAddr, SocketAddr};

use serde_json::Value as Json;

use super::Policy;
use super::json::{Texts, no_key, object, parse, wrong};
use crate::{Result, messages, text};

/// The keys of questions.
const KEYS: &[&str] = &[
    "http",
    "name",
    "tcp_bind",
    "tcp_connect",
    "udp_bind",
    "udp_connect",
];

impl Policy {
    /// Whether a guest may do what a question asks: an object of one key, for hosts that ask by texts.
    ///
    /// ```
    /// # fn main() -> landbridge::Result<()> {
    /// let policy = landbridge::Policy::none().with_tcp_connect("192.0.2.0/24", 443)?;
    /// assert!(policy.allows_json(r#"{"tcp_connect": {"address": "192.0.2.7", "port": 443}}"#)?);
    /// assert!(!policy.allows_json(r#"{"name": {"name": "example.org", "port": 443}}"#)?);
    /// assert!(!policy.allows_json(r#"{"name": {"name": "example.org"}}"#)?); // To resolve it.
    /// let request = r#"{"scheme": "https", "host": "example.org", "port": 443, "method": "GET"}"#;
    /// assert!(!policy.allows_json(&format!(r#"{{"http": {request}}}"#))?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `tcp_bind`, `udp_connect` and `udp_bind` are asked as `tcp_connect` is.
    ///
    /// # Errors
    /// `type` if it is no such question or has no address, `range` if the port is none.
    pub fn allows_json(&self, question: &str) -> Result<bool> {
        let json = parse(question)?;
        match object(&json, "a question")?.iter().collect::<Vec<_>>()[..] {
            [(key, asked)] => self.answer(key, asked),
            _ => Err(wrong("a question has one key")),
        }
    }

    fn answer(&self, key: &str, asked: &Json) -> Result<bool> {
        let mut texts = Texts::new(key, asked)?;
        let it = &mut texts;
        let answer = match key {
            "tcp_connect" => self.allows_tcp_connect(it.address()?),
            "tcp_bind" => self.allows_tcp_bind(it.address()?),
            "udp_connect" => self.allows_udp_connect(it.address()?),
            "udp_bind" => self.allows_udp_bind(it.address()?),
            "name" if it.has("port") => self.allows_name_port(&it.text("name")?, it.port()?),
            "name" => self.allows_name(&it.text("name")?),
            "http" => {
                let (scheme, host) = (it.text("scheme")?, it.text("host")?);
                self.allows_http(&scheme, &host, it.port()?, &it.text("method")?)
            }
            other => return Err(no_key("a question has", other, KEYS)),
        };
        texts.end()?;
        Ok(answer)
    }
}

impl Texts<'_> {
    fn address(&mut self) -> Result<SocketAddr> {
        let given = self.text("address")?;
        Ok(SocketAddr::new(address_of(&given)?, self.port()?))
    }

    fn port(&mut self) -> Result<u16> {
        let port = self.text("port")?;
        let none = |_| messages::out_of_range("port", &port, 0, u16::MAX);
        port.parse().map_err(none)
    }
}

/// The address that a question names.
///
/// # Errors
/// `type` if it is none.
pub fn address_of(given: &str) -> Result<IpAddr> {
    let none = |_| messages::not_an_address(text::quoted(given));
    given.parse().map_err(none)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use crate::ErrorKind;

    #[test]
    fn a_question_in_json_has_the_answer_of_its_method() {
        let policy = Policy::none()
            .with_tcp_connect("10.0.0.0/8", 80..=89)
            .and_then(|it| it.with_tcp_bind("127.0.0.1", 1))
            .and_then(|it| it.with_udp_connect("::/0", 53))
            .and_then(|it| it.with_udp_bind("0.0.0.0/0", 54))
            .and_then(|it| it.with_name("*.example.org", 443))
            .and_then(|it| it.with_http("https", "example.net", 443, "GET"))
            .unwrap();
        let (mut yes, mut no) = (0, 0);
        let mut same = |question: String, answer: bool| {
            *if answer { &mut yes } else { &mut no } += 1;
            assert_eq!(policy.allows_json(&question).unwrap(), answer, "{question}");
        };
        for port in [0, 1, 53, 54, 80, 443] {
            for ip in [
                "0.0.0.0",
                "10.1.2.3",
                "127.0.0.1",
                "::",
                "::1",
                "::ffff:10.0.0.1",
            ] {
                let at = SocketAddr::new(ip.parse().unwrap(), port);
                let ask = |key| format!(r#"{{"{key}": {{"address": "{ip}", "port": {port}}}}}"#);
                same(ask("tcp_connect"), policy.allows_tcp_connect(at));
                same(ask("tcp_bind"), policy.allows_tcp_bind(at));
                same(ask("udp_connect"), policy.allows_udp_connect(at));
                same(ask("udp_bind"), policy.allows_udp_bind(at));
            }
            for host in ["example.org", "a.example.org", "example.net"] {
                let ask = format!(r#"{{"name": {{"name": "{host}", "port": "{port}"}}}}"#);
                same(ask, policy.allows_name_port(host, port));
                let ask = format!(r#"{{"name": {{"name": "{host}"}}}}"#);
                same(ask, policy.allows_name(host));
                for method in ["GET", "POST"] {
                    let request = format!(r#""scheme": "https", "host": "{host}", "port": {port}"#);
                    let ask = format!(r#"{{"http": {{{request}, "method": "{method}"}}}}"#);
                    same(ask, policy.allows_http("https", host, port, method));
                }
            }
        }
        assert!(yes > 10 && no > 50, "{yes} {no}");
    }

    #[test]
    fn what_is_no_question_is_refused() {
        let told = [
            ("", "line 1"),
            ("{}", "a question has one key"),
            (
                r#"{"name": {"name": "a"}, "http": {}}"#,
                "a question has one key",
            ),
            (
                r#"{"tcp_conect": {"address": "::1", "port": 1}}"#,
                "tcp_connect",
            ),
            (
                r#"{"tcp_bind": {"port": 1}}"#,
                "tcp_bind needs a text \"address\"",
            ),
            (
                r#"{"tcp_bind": {"address": "a.b", "port": 1}}"#,
                "a name is asked for by itself",
            ),
            (
                r#"{"name": {"name": "a", "prot": 1}}"#,
                "name has no key \"prot\"",
            ),
        ];
        for (question, part) in told {
            let error = Policy::none().allows_json(question).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Type, "{error}");
            assert!(error.message().contains(part), "{question}: {error}");
        }
        for port in ["65536", "-1", "1.5", "\"x\""] {
            let question = format!(r#"{{"name": {{"name": "a", "port": {port}}}}}"#);
            let error = Policy::none().allows_json(&question).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Range, "{error}");
        }
    }

    #[test]
    fn a_grant_in_json_is_added() {
        let first = r#"{"env": {"A": "1", "B": "1"}, "network": {"names": [{"name": "a.b", "ports": "1"}]}}"#;
        let second = r#"{"clock": "real", "env": {"B": "2"}, "network": {"names": [{"name": "c.d", "ports": "1"}]}}"#;
        let both = Policy::from_json(first).unwrap().with_json(second).unwrap();
        let expected = Policy::none()
            .with_env("A", "1")
            .and_then(|it| it.with_env("B", "2"))
            .and_then(|it| it.with_name("a.b", 1))
            .and_then(|it| it.with_name("c.d", 1))
            .unwrap()
            .with_clock(Clock::Real);
        assert_eq!(both, expected);
        assert_eq!(both.clone().with_json("{}").unwrap(), both);
    }
}
