// [countdown]
package main

import (
	"strconv"
	"unsafe"
)

func main() {}

// The host's function.
//
//go:wasmimport env log
func hostLog(line unsafe.Pointer, length int32)

//go:wasmexport countdown
func countdown(start uint32) uint32 {
	for n := start; n > 0; n-- {
		line := []byte(strconv.FormatUint(uint64(n), 10))
		hostLog(unsafe.Pointer(&line[0]), int32(len(line)))
	}
	return start
}

// [end countdown]
