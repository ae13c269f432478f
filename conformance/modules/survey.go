// A program for WASI: tells all that it was granted, and writes what it read into its folder.
// survey.rs is the same program. Rebuild, with Go 1.26:
//
//	GOOS=wasip1 GOARCH=wasm go build -trimpath -ldflags='-s -w' -o survey_go.wasm survey.go
package main

import (
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

const folder = "/data"

func main() {
	code := 0
	for _, argument := range os.Args[min(1, len(os.Args)):] {
		say("argument " + argument)
		if given, found := strings.CutPrefix(argument, "exit="); found {
			code, _ = strconv.Atoi(given)
		}
	}
	variables := os.Environ()
	slices.Sort(variables)
	for _, variable := range variables {
		say("variable " + variable)
	}
	input()
	list()
	say("clock " + strconv.FormatInt(time.Now().UnixNano(), 10))
	say("random " + strconv.FormatUint(rand.Uint64(), 10))
	os.Exit(code)
}

func say(line string) { os.Stdout.WriteString(line + "\n") }

func input() {
	text, err := io.ReadAll(os.Stdin)
	check(err)
	lines := strings.Count(string(text), "\n")
	say("input " + strconv.Itoa(len(text)) + " bytes, " + strconv.Itoa(lines) + " lines")
}

// Lists the folder, and writes all that its files hold into a new file there, in capitals.
func list() {
	entries, err := os.ReadDir(folder)
	if err != nil {
		say("no folder")
		return
	}
	all := ""
	for _, entry := range entries {
		if entry.IsDir() {
			say("folder " + entry.Name())
			continue
		}
		text, err := os.ReadFile(folder + "/" + entry.Name())
		check(err)
		say("file " + entry.Name() + " " + strconv.Itoa(len(text)) + " bytes")
		all += strings.ToUpper(string(text))
	}
	if os.WriteFile(folder+"/all.txt", []byte(all), 0o644) != nil {
		os.Stderr.WriteString("all.txt cannot be written\n")
		return
	}
	say("written")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
