package shop

import dev.landbridge.HostFunction
import dev.landbridge.Imports
import dev.landbridge.Module
import dev.landbridge.Trap
import dev.landbridge.WitError
import java.util.Optional

interface Calc {
    fun add(a: Int, b: Int): Int
    fun divide(a: Int, b: Int): Int
    fun twice(a: Int): Int
}

@JvmRecord
data class Order(val colour: String, val coats: ByteArray, val note: Optional<String>)

interface Shapes {
    fun cost(order: Order): Long
}

class Prices {
    fun price(colour: String): Long = if (colour == "red") 1200 else throw WitError("there is no $colour")
}

class Journals {
    class Journal {
        fun write(line: String) = println("journal: $line")
    }
}

fun load(name: String): Module = Module.load(object {}.javaClass.getResourceAsStream("/$name")!!)

fun calc() {
    val twice = HostFunction { _, args -> 2 * (args[0] as Int) }
    load("calc.wat").use { module ->
        module.instantiate(Imports.builder().func("host", "twice", twice).build()).use { instance ->
            val calc = instance.`as`(Calc::class.java)
            println("2 + 3 = ${calc.add(2, 3)}, twice 21 = ${calc.twice(21)}")
            try {
                calc.divide(1, 0)
            } catch (e: Trap) {
                println("trap: ${e.code().label()}")
            }
        }
    }
}

fun paint() {
    val imports = Imports.builder().implement("prices", Prices()).implement("journals", Journals()).build()
    load("paint.wat").use { module ->
        module.instantiate(imports).use { paint ->
            val shapes = paint.`as`("shapes", Shapes::class.java)
            println("cost: ${shapes.cost(Order("red", byteArrayOf(2, 1), Optional.empty()))}")
            try {
                paint.call("shapes#cost", mapOf("colour" to "gold", "coats" to byteArrayOf(1)))
            } catch (e: WitError) {
                println("error: ${e.message}")
            }
        }
    }
}

fun main() {
    calc()
    paint()
}
