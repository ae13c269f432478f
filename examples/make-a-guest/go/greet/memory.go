// [memory]
package main

import "unsafe"

// What the host has. Go's collector must not free it.
var given = map[*byte][]byte{}

func give(bytes []byte) *byte {
	ptr := unsafe.SliceData(bytes)
	given[ptr] = bytes
	return ptr
}

// Makes room for so many bytes. The host writes its text there.
//
//go:wasmexport alloc
func alloc(length int32) unsafe.Pointer {
	return unsafe.Pointer(give(make([]byte, length, length+1)))
}

// Frees what alloc or hello gave out.
//
//go:wasmexport dealloc
func dealloc(ptr unsafe.Pointer, length int32) { delete(given, (*byte)(ptr)) }

// [end memory]
