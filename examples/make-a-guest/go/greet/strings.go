// [strings]
package main

import (
	"strings"
	"unsafe"
)

//go:wasmexport vowels
func vowels(text string) int32 {
	count := int32(0)
	for _, c := range text {
		if strings.ContainsRune("aeiouAEIOU", c) {
			count++
		}
	}
	return count
}

// Returns where its text is, in the high 32 bits, and how long it is, in the low 32.
//
//go:wasmexport hello
func hello(name string) uint64 {
	greeting := []byte("Hello, " + name + "!")
	at := uintptr(unsafe.Pointer(give(greeting)))
	return uint64(at)<<32 | uint64(len(greeting))
}

// [end strings]
