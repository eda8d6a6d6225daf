package abi

// With no argument registers, reflect lays out all calls as plain memory frames; our
// reflect.call turns a frame into registers by our own convention.
const (
	IntArgRegs            = 0
	FloatArgRegs          = 0
	EffectiveFloatRegSize = 0
)
