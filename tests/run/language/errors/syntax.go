//test:nobuild

// A syntax error and what the parser makes of the rest.
package main

func main() {
	x := [3]int{1, 2, 3
	if x[0] == 1
	{
	}
	for i := 0; i < 3; i++ {
		fmt.Println(i
	}
}

func g( {
}
