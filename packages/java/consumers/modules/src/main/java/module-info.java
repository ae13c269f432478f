// [module]
module com.example.shop {
    requires dev.landbridge;

    opens shop to dev.landbridge; // records and objects that Landbridge makes and calls
}
// [end module]
