// Labelled break and continue: out of nested loops, switches and selects; labels reused in
// other functions; goto forward and backward; blocks.
package main

import "fmt"

func search(grid [][]int, want int) (x, y int) {
	x, y = -1, -1
outer:
	for i, row := range grid {
		for j, v := range row {
			switch {
			case v == want:
				x, y = i, j
				break outer
			case v < 0:
				continue outer
			case v == 0:
				break
			default:
				continue
			}
			fmt.Print("zero at ", i, j, "; ")
		}
	}
	return
}

func primes(limit int) (ps []int) {
next:
	for n := 2; n < limit; n++ {
		for _, p := range ps {
			if p*p > n {
				break
			}
			if n%p == 0 {
				continue next
			}
		}
		ps = append(ps, n)
	}
	return ps
}

func gotos(n int) (trace string) {
	i := 0
top:
	if i >= n {
		goto done
	}
	trace += fmt.Sprint(i)
	i++
	if i%2 == 0 {
		goto top
	}
	trace += ","
	goto top
done:
	return trace + "."
}

func selects(c chan int) (sum int) {
loop:
	for {
		select {
		case v := <-c:
			if v == 0 {
				continue loop
			}
			if v < 0 {
				break loop
			}
			if v > 100 {
				break
			}
			sum += v
		}
		sum += 1000
	}
	return sum
}

func main() {
	fmt.Println(search([][]int{{1, 0, 2}, {-1, 7}, {0, 7}}, 7))
	fmt.Println(search([][]int{{1}}, 9))
	fmt.Println(primes(60))
	fmt.Println(gotos(5), gotos(0))
	c := make(chan int, 9)
	for _, v := range []int{1, 0, 200, 2, -1} {
		c <- v
	}
	fmt.Println(selects(c))
block:
	{
		fmt.Print("in block ")
		if len(c) < 9 {
			goto sw
		}
		fmt.Print("not reached")
		goto block
	}
sw:
	switch n := 5; n {
	case 5:
		for i := range 3 {
			if i == 1 {
				break sw
			}
			fmt.Print("i", i, " ")
		}
		fmt.Print("not reached")
	}
once:
	for {
		for {
			break once
		}
	}
	fmt.Println("end")
	func() {
	outer:
		for i := range 3 {
			for j := range 3 {
				if j == i {
					continue outer
				}
				fmt.Print(i, j, " ")
			}
		}
		fmt.Println()
	}()
	i := 0
again:
	for ; i < 10; i++ {
		if i == 4 {
			i = 8
			goto again
		}
	}
	fmt.Println(i)
}
