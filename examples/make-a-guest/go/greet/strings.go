// [strings]
package main

import (
	"strings"
	"unsafe"
)

func text(ptr unsafe.Pointer, length int32) string {
	return string(unsafe.Slice((*byte)(ptr), length))
}

//go:wasmexport vowels
func vowels(ptr unsafe.Pointer, length int32) int32 {
	count := int32(0)
	for _, c := range text(ptr, length) {
		if strings.ContainsRune("aeiouAEIOU", c) {
			count++
		}
	}
	return count
}

// Returns where its text is, in the high 32 bits, and how long it is, in the low 32.
//
//go:wasmexport hello
func hello(ptr unsafe.Pointer, length int32) uint64 {
	greeting := []byte("Hello, " + text(ptr, length) + "!")
	at := uintptr(unsafe.Pointer(lend(greeting)))
	return uint64(at)<<32 | uint64(len(greeting))
}

// [end strings]
