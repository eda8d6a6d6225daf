package sha256

import "unsafe"

// Blocks are a runtime call, which uses the processor's SHA instructions.

//go:linkname runtime_sha256_blocks runtime.sha256_blocks
//go:noescape
func runtime_sha256_blocks(state *[8]uint32, p *byte, blocks uintptr)

// callBlocks is how many blocks one call gets: nothing preempts it.
const callBlocks = 1 << 10

func block(dig *Digest, p []byte) {
	for blocks := len(p) / blockSize; blocks > 0; {
		n := min(blocks, callBlocks)
		runtime_sha256_blocks(&dig.h, unsafe.SliceData(p), uintptr(n))
		p = p[n*blockSize:]
		blocks -= n
	}
}
