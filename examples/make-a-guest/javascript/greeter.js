// [js]
export const greetings = {
  hello(who) {
    if (!who.name) throw 'nobody to greet';
    return `Hello, ${who.name}! At ${who.age} you speak ${who.languages.length} languages.`;
  },
};
// [end js]
