// [memory]
package main

import "unsafe"

// What the host may touch. Go's collector must not free it.
var lent = map[*byte][]byte{}

func lend(bytes []byte) *byte {
	ptr := unsafe.SliceData(bytes)
	lent[ptr] = bytes
	return ptr
}

// Makes room for so many bytes. The host writes its text there.
//
//go:wasmexport alloc
func alloc(length int32) unsafe.Pointer {
	return unsafe.Pointer(lend(make([]byte, length, length+1)))
}

// Frees what alloc or hello gave out.
//
//go:wasmexport dealloc
func dealloc(ptr unsafe.Pointer, length int32) { delete(lent, (*byte)(ptr)) }

// [end memory]
