// [countdown]
package main

import "strconv"

func main() {}

// The host's function.
//
//go:wasmimport env log
func hostLog(line string)

//go:wasmexport countdown
func countdown(start uint32) uint32 {
	for n := start; n > 0; n-- {
		hostLog(strconv.FormatUint(uint64(n), 10))
	}
	return start
}

// [end countdown]
