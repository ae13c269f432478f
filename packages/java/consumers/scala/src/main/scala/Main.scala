package shop

import dev.landbridge.{HostFunction, Imports, Module, Trap, WitError, WitVariant}
import scala.jdk.CollectionConverters.*
import scala.util.Using

trait Calc:
  def add(a: Int, b: Int): Int
  def divide(a: Int, b: Int): Int
  def twice(a: Int): Int

class Prices:
  def price(colour: String): Long = if colour == "red" then 1200 else throw WitError(s"there is no $colour")

class Journals
object Journals:
  class Journal:
    def write(line: String): Unit = println(s"journal: $line")

def load(name: String): Module = Module.load(classOf[Calc].getResourceAsStream(s"/$name"))

def calc(): Unit =
  val twice: HostFunction = (_, args) => 2 * args(0).asInstanceOf[Int]
  Using.resource(load("calc.wat")) { module =>
    Using.resource(module.instantiate(Imports.builder.func("host", "twice", twice).build)) { instance =>
      val calc = instance.as(classOf[Calc])
      println(s"2 + 3 = ${calc.add(2, 3)}, twice 21 = ${calc.twice(21)}")
      try calc.divide(1, 0)
      catch case e: Trap => println(s"trap: ${e.code.label}")
    }
  }

def paint(): Unit =
  val imports = Imports.builder.implement("prices", Prices()).implement("journals", Journals()).build
  Using.resource(load("paint.wat")) { module =>
    Using.resource(module.instantiate(imports)) { paint =>
      println("area: " + "%.2f".format(paint.call("shapes#area", WitVariant("circle", 2.0))))
      println("cost: " + paint.call("shapes#cost", Map("colour" -> "red", "coats" -> Array[Byte](2, 1)).asJava))
      try paint.call("shapes#cost", Map("colour" -> "gold", "coats" -> Array[Byte](1)).asJava)
      catch case e: WitError => println(s"error: ${e.getMessage}")
    }
  }

@main def run(): Unit =
  calc()
  paint()
