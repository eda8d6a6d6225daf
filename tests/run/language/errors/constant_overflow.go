//test:nobuild

// Constants that do not fit their types, in every position.
package main

import "fmt"

const big = 1 << 70

var a int8 = 128
var b uint = -1
var c = uint8(256)
var d int = big
var e float32 = 1e40

func main() {
	fmt.Println(big, int32(1<<31), 'a'*1e30)
	var s []int
	_ = s[-1]
	_ = [3]int{}[5]
}
