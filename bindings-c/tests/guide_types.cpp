// The program of the guide's page on types of your own, over what `landbridge types` writes; it is cut from here. Runs in
// core/tests/guide.

#include <cassert>
#include <iostream>
#include <paint.hpp>

int main() {
  // [written]
  struct Prices : paint::prices::Imports {                            // paint.hpp is what the command wrote
    uint32_t price(std::string_view colour) override {
      if (colour == "red") return 1200;
      throw landbridge::WitError("sold out");
    }
  };
  landbridge::Imports imports;
  paint::prices::provide(imports, std::make_shared<Prices>());
  paint::journals::provide(imports, std::make_shared<paint::journals::Imports>());
  auto instance = landbridge::Module::load("paint.wat").instantiate(imports);

  const paint::Exports exports(instance);                             // finds and checks all functions
  uint32_t cents = exports.shapes.cost({"red", {2, 1}, std::nullopt});
  paint::shapes::Canvas canvas = exports.shapes.canvas(80);           // a resource, with its methods
  canvas.draw(paint::shapes::Shape::Circle{1});
  // [end written]
  assert(cents == 3600 && exports.shapes.canvas_count() == 1);
  canvas.close();
  std::cout << "1 passed, 0 failed\n";
}
