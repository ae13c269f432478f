cmake_minimum_required(VERSION 3.16)
project(app LANGUAGES C)
find_package(landbridge 0.99 REQUIRED)
