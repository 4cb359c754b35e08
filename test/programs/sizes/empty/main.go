// Program empty shows the size that every Go program has.
package main

func main() {}
