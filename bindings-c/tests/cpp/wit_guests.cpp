// Real guests: the shops of examples/components, by what `landbridge types --cpp` writes of them, and calls.txt by values.

#include <shop.hpp>

#include <cmath>
#include <fstream>

#include "wit_paint.h"

namespace {

const std::string shops = "../examples/components/";

// A journal of the program's.
struct Book : shop::office::Journal {
  explicit Book(std::string_view of) : title(of) {}
  uint32_t write(std::string_view text) override {
    lines.emplace_back(text);
    return static_cast<uint32_t>(lines.size());
  }
  std::string title;
  std::vector<std::string> lines;
};

struct Office : shop::office::Imports {
  std::shared_ptr<shop::office::Journal> journal(std::string_view title) override { return std::make_shared<Book>(title); }
  std::shared_ptr<shop::office::Journal> journal_find(std::string_view title) override {
    if (found && found->title == title) return found;
    throw WitError("no journal " + std::string(title));
  }
  void log(shop::office::Level level, std::string_view text) override {
    if (text.find("Mallory") != std::string_view::npos) throw paint::Boom{1};
    logged.push_back((level == shop::office::Level::info ? "info: " : "other: ") + std::string(text));
  }
  uint64_t worth(std::string_view code) override {
    if (code == "WELCOME") return 500;
    if (code == "LOYAL") return 1250;
    throw WitError("no code " + std::string(code));
  }
  uint32_t reserve(const std::vector<shop::goods::Line> &lines) override {
    uint32_t units = 0;
    for (const auto &line : lines) units += line.count;
    return units;
  }
  std::vector<std::string> close(std::shared_ptr<shop::office::Journal> journal) override {
    return static_cast<Book &>(*journal).lines;
  }
  std::string title(shop::office::Journal &journal) override { return static_cast<Book &>(journal).title; }

  std::shared_ptr<Book> found;
  std::vector<std::string> logged;
};

struct Currency : shop::Imports {
  std::string currency() override { return "EUR"; }
};

Instance open(const std::string &name, const std::shared_ptr<Office> &office) {
  Imports imports;
  shop::office::provide(imports, office);
  shop::provide(imports, std::make_shared<Currency>());
  return Module::load(shops + "shop-" + name + ".wasm").instantiate(imports);
}

shop::goods::Product apple() {
  using namespace shop::goods;
  return {"a1", "apple", Unit::kilogram, Marks{MarksFlag::organic, MarksFlag::seasonal}, 250, 1000, 100, 4.5f, {7, U'é'}, {}};
}

void orders(const shop::Exports &it) {
  using namespace shop::goods;
  Order order{1, {"Ada", "1 Road", "Town"}, {{apple(), 4}}, Discount::Percent{10}, std::optional<std::string>("hi")};
  CHECK(it.orders.total(order) == 900 && it.orders.reserve(order) == 4);
  order.discount = Discount::Codes{{"WELCOME"}};
  CHECK(it.orders.total(order) == 500);
  order.discount = Discount::Codes{{"GONE"}};
  try {
    it.orders.total(order);
    CHECK(false);
  } catch (const WitError &error) {
    CHECK(error.payload<Refusal>() == Refusal(Refusal::UnknownCode{"GONE"}));
  }
  CHECK(it.orders.cheapest({apple()}) == apple() && !it.orders.cheapest({}) && it.echo.echo_order(order) == order);
  const std::vector<double> numbers{1, 2, 6};
  CHECK(it.orders.describe(numbers).mean == 3 && it.orders.sample(300)[299] == (299 % 251));
  const std::vector<uint8_t> bytes(100'000, 3);
  CHECK(it.echo.echo_bytes(bytes) == bytes && it.echo.echo_marks(apple().marks) == apple().marks);
  using shop::echo::Anything;
  for (const Anything &any : {Anything(Anything::Nothing()), Anything(Anything::Letter{U'x'}), Anything(Anything::Pair{{1, "a"}}),
                              Anything(Anything::Outcome{Err("no")}), Anything(Anything::Product{apple()})}) {
    CHECK(it.echo.echo_anything(any) == any);
  }
  using Nested = std::optional<std::optional<uint8_t>>;
  for (const Nested &nested : {Nested(), Nested(std::in_place), Nested(5)}) CHECK(it.echo.echo_nested(nested) == nested);
}

void baskets(const shop::Exports &it) {
  auto one = it.orders.basket("Ada"), other = it.orders.basket("Bob");
  CHECK(one.add(apple(), 2) == 2 && other.add(apple(), 1) == 1 && other.cheaper_than(one) && it.orders.basket_count() == 2);
  CHECK(one.total() == 500 && it.orders.sum({one, other}) == 750);
  auto both = it.orders.basket_merge(std::move(one), std::move(other));
  CHECK(both.lines().size() == 2 && it.orders.basket_count() == 1);
  CHECK(throws<TypeError>([&] { (void)one.total(); }));  // moved away
  const auto [owner, lines] = it.orders.checkout(std::move(both));
  CHECK(owner == "Ada" && lines.size() == 2 && it.orders.basket_count() == 0);
}

void journals(const shop::Exports &it, Office &office) {
  const auto book = std::make_shared<Book>("mine");
  CHECK((it.orders.note(book, "a") == std::tuple<uint32_t, std::string>(1, "mine")) && book->lines.size() == 1);
  const auto opened = it.orders.open("new", {"x", "y"});
  CHECK(static_cast<Book &>(*opened).lines.size() == 2 && it.orders.finish(opened, "z").size() == 3);
  it.orders.discard(book);
  CHECK(book.use_count() == 1);
  CHECK(throws<WitError>([&] { (void)it.orders.look_up("mine"); }));
  office.found = book;
  CHECK(it.orders.look_up("mine") == book);  // the very object
}

// Where an argument of a line ends: at a comma or a parenthesis that is in nothing else.
size_t argument_end(const std::string &line, size_t at) {
  for (int depth = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '"' || c == '\'') {
      for (++at; line[at] != c; ++at) at += line[at] == '\\';
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if ((c == ')' || c == ']' || c == '}') && depth-- == 0) {
      return at;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return at;
}

// What a call gave, as its type writes it: a `result` with its `ok` or `err`.
std::string answer(const WitFunc &func, std::span<const WitValue> args) {
  const WitType &type = func.type().result;
  if (!type) {
    func.call(args);
    return "";
  }
  if (type.sort() != WitSort::result) return type.format(func.call(args));
  try {
    const WitValue held = func.call(args);
    return type.format(held ? WitValue::ok(held) : WitValue::ok());
  } catch (const WitError &error) {
    return type.format(error.payload() ? WitValue::err(error.payload()) : WitValue::err());
  }
}

void answer_line(const Instance &it, const std::string &line) {
  size_t at = line.find('(');
  const WitFunc func = it.wit_func(line.substr(0, at));
  std::vector<WitValue> args;
  for (const WitType::Part &param : func.type().params) {
    const size_t from = line.find_first_not_of(' ', at + 1);
    at = argument_end(line, from);
    args.push_back(param.type.parse(line.substr(from, at - from)));
  }
  if (args.empty()) at = line.find(')', at);
  const size_t arrow = line.find(" -> ", at);
  std::string wanted = arrow == std::string::npos ? "" : line.substr(arrow + 4);
  const WitType &type = func.type().result;
  if (wanted == "same") {
    wanted = type.format(args[0]);
  } else if (type) {
    wanted = type.format(type.parse(wanted));
  }
  const std::string found = answer(func, args);
  if (found != wanted) std::printf("%s: %s\n", line.c_str(), found.c_str());
  CHECK(found == wanted);
}

void calls(const Instance &it) {
  std::ifstream file(shops + "calls.txt");
  size_t calls = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;  // what some other guest cannot answer, these can
    answer_line(it, line);
    ++calls;
  }
  CHECK(calls > 130);
}

void visit(const std::string &name) {
  const auto office = std::make_shared<Office>();
  const Instance instance = open(name, office);
  const shop::Exports it(instance);
  CHECK(it.greet("Zoë") == "Hello, Zoë!" && it.price(1205) == "12.05 EUR" && office->logged.back() == "info: greet Zoë");
  orders(it);
  baskets(it);
  journals(it, *office);
  calls(instance);
  CHECK(throws<paint::Boom>([&] { (void)it.greet("Mallory"); }) && throws<Poisoned>([&] { (void)it.price(1); }));
  CHECK(throws<Trap>([&] { shop::Exports(open(name, office)).give_up("enough"); }));
}

}  // namespace

int main() {
  visit("rust");
  visit("c");
  return finish();
}
