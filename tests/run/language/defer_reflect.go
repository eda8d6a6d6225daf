// recover in functions that reflect has made, deferred directly.
package main

import (
	"fmt"
	"reflect"
)

type T int

func (t T) M()        { fmt.Println("M", t, recover()) }
func (t *T) P(x int)  { fmt.Println("P", *t, x, recover()) }
func helper() any     { return recover() }
func (t T) Not()      { fmt.Println("Not", helper()) }

func try(f func()) {
	defer func() { fmt.Println("outer", recover()) }()
	func() { defer f(); panic("x") }()
}

func main() {
	try(reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
		fmt.Println("r", recover())
		return nil
	}).Interface().(func()))
	try(reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
		fmt.Println("h", helper())
		return nil
	}).Interface().(func()))
	t := T(3)
	try(reflect.ValueOf(t).Method(0).Interface().(func()))
	try(reflect.ValueOf(t).MethodByName("Not").Interface().(func()))
	p := reflect.ValueOf(&t).MethodByName("P").Interface().(func(int))
	func() {
		defer func() { fmt.Println("outer", recover()) }()
		func() { defer p(4); panic("y") }()
	}()
	func() {
		defer func() { fmt.Println("outer", recover()) }()
		func() {
			defer func() { fmt.Println("plain", recover()) }()
			defer reflect.ValueOf(t).MethodByName("Not").Interface().(func())()
			panic("z")
		}()
	}()
}
