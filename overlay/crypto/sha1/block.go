package sha1

import (
	"internal/cpu"
	"unsafe"
)

// Blocks are a runtime call where the processor has SHA instructions.

//go:linkname runtime_sha1_blocks runtime.sha1_blocks
//go:noescape
func runtime_sha1_blocks(state *[5]uint32, p *byte, blocks uintptr)

// callBlocks is how many blocks one call gets: nothing preempts it.
const callBlocks = 1 << 10

func block(dig *digest, p []byte) {
	if !cpu.X86.HasSHA {
		blockGeneric(dig, p)
		return
	}
	for blocks := len(p) / BlockSize; blocks > 0; {
		n := min(blocks, callBlocks)
		runtime_sha1_blocks(&dig.h, unsafe.SliceData(p), uintptr(n))
		p = p[n*BlockSize:]
		blocks -= n
	}
}
