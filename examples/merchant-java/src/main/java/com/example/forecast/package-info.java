/// A merchant that sells weather forecasts, a tenth of a cent each.
@NullMarked
package com.example.forecast;

import org.jspecify.annotations.NullMarked;
