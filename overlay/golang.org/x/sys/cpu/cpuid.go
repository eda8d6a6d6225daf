package cpu

import _ "unsafe" // for linkname

// The instructions are runtime calls.

//go:linkname runtime_cpuid runtime.cpuid
func runtime_cpuid(leaf, subleaf uintptr, out *[4]uint32)

//go:linkname runtime_xgetbv runtime.xgetbv
func runtime_xgetbv(out *[2]uint32)

func cpuid(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32) {
	var out [4]uint32
	runtime_cpuid(uintptr(leaf), uintptr(subleaf), &out)
	return out[0], out[1], out[2], out[3]
}

func xgetbv() (eax, edx uint32) {
	var out [2]uint32
	runtime_xgetbv(&out)
	return out[0], out[1]
}
