/** Records and classes that Landbridge makes or calls are in a package that is open to it; interfaces need not be. */
module com.example.shop {
    requires dev.landbridge;

    opens shop to dev.landbridge;
}
