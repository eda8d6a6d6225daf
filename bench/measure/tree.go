package measure

// Tree is an object as many programs have them: two pointers and some numbers, 64 bytes.
type Tree struct {
	Left, Right *Tree
	Payload     [6]int
}

// Grow allocates a full tree of 2^depth - 1 objects.
func Grow(depth int) *Tree {
	if depth == 0 {
		return nil
	}
	return &Tree{Left: Grow(depth - 1), Right: Grow(depth - 1)}
}
