// [add]
package main

func main() {} // never called, but Go wants one

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

// [end add]
