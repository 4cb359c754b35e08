// Program empty only says that it runs.
package main

func main() {
	println("main")
	select {}
}
