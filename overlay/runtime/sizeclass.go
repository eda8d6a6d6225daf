//goxide:replace package

package runtime

import "internal/runtime/gc"

// What an allocation can hold. The allocator's size classes are Go's, since cap shows them
// after append, so Go's own tables serve here and spare a call. (Go's name for the pages
// that large objects are made of is not exported; they have 8 KiB.)

const largePage = 8192

// usableSize is how many bytes an allocation of size > 0 can hold; objects with pointers
// above a limit begin with a header.
func usableSize(size uintptr, noscan bool) uintptr {
	if size > gc.MaxSmallSize-gc.MallocHeaderSize {
		if rounded := alignUp(size, largePage); rounded >= size {
			return rounded
		}
		return size
	}
	header := uintptr(0)
	if !noscan && size > gc.MinSizeForMallocHeader {
		header = gc.MallocHeaderSize
	}
	need := size + header
	var class uint8
	if need <= gc.SmallSizeMax {
		class = gc.SizeToSizeClass8[(need+gc.SmallSizeDiv-1)/gc.SmallSizeDiv]
	} else {
		class = gc.SizeToSizeClass128[(need-gc.SmallSizeMax+gc.LargeSizeDiv-1)/gc.LargeSizeDiv]
	}
	return uintptr(gc.SizeClassToSize[class]) - header
}
