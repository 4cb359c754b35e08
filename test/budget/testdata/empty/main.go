// Program empty is what every Go program has.
package main

func main() {}
