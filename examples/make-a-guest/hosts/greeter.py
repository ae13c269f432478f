# [greeter]
import landbridge as lb

greetings = lb.load("greeter.wasm").instantiate().exports.greetings

print(greetings.hello({"name": "Ada", "age": 36, "languages": ["en", "fr"]}))
try:
    greetings.hello({"name": "", "age": 0, "languages": []})
except lb.WitError as error:
    print("refused:", error.payload)
# [end greeter]
