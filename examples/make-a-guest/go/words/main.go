// [words]
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	file := os.Stdin
	if len(os.Args) > 1 {
		var err error
		if file, err = os.Open(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, "words:", err)
			os.Exit(1)
		}
	}
	text, err := io.ReadAll(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
	fmt.Println(len(strings.Fields(string(text))), "words")
}

// [end words]
