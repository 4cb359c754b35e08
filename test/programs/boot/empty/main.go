// Program empty only reports that it runs.
package main

func main() {
	println("main")
	select {}
}
