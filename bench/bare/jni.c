// The cheapest function of C that Java can call with two integers; see bindings-jvm/src/test/java/dev/landbridge/BenchBare.java.

#include <jni.h>

JNIEXPORT jlong JNICALL Java_dev_landbridge_BenchBare_add(JNIEnv *env, jclass self, jlong a, jlong b) {
  (void)env, (void)self;
  return a + b;
}
