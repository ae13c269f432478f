// A library for WASI, called into: counts, remembers what it was told, and reads a granted file.
// tally.rs and tally.c are the same library. Rebuild, with Go 1.26:
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -trimpath -ldflags='-s -w' -o tally_go.wasm tally.go
//
// It goes without the package os, which would make it half as large again.
package main

import (
	"strconv"
	"strings"
	"syscall"
)

var total int64

//go:wasmexport add
func add(n int32) int64 {
	total += int64(n)
	return total
}

//go:wasmexport sum_file
func sumFile() int64 {
	file, err := syscall.Open("/data/numbers.txt", syscall.O_RDONLY, 0)
	if err != nil {
		return -1
	}
	defer syscall.Close(file)
	text := make([]byte, 4096)
	length, err := syscall.Read(file, text)
	if err != nil {
		return -1
	}
	sum := int64(0)
	for _, line := range strings.Fields(string(text[:length])) {
		n, _ := strconv.ParseInt(line, 10, 64)
		sum += n
	}
	return sum
}

//go:wasmexport print
func print() {
	syscall.Write(1, []byte("total "+strconv.FormatInt(total, 10)+"\n"))
}

func main() {}
