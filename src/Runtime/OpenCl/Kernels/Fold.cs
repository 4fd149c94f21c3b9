namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>How many elements become one, in OpenCL C.</summary>
/// <param name="Empty">What no elements give.</param>
/// <param name="First">What an element <c>v</c> gives.</param>
/// <param name="Join">What <c>a</c> and <c>v</c> give together.</param>
/// <param name="Last">What is made of the whole <c>v</c>.</param>
internal sealed record Fold(string Empty, string First, string Join, string Last = "v")
{
    /// <summary>The fold of an operator; null where one fold does not compute it.</summary>
    public static Fold? Of(ReduceOp op, DType type) => op switch
    {
        ReduceSum => new Fold("0", "v", "a + v"),
        ReduceMean => new Fold("0", "v", "a + v", Last: "v / count"),
        ReduceSumSquare => new Fold("0", "v * v", "a + v"),
        ReduceL2 => new Fold("0", "v * v", "a + v", Last: "sqrt(v)"),
        ReduceL1 => new Fold("0", type.IsFloating() ? "fabs(v)" : "(v < 0 ? -v : v)", "a + v"),
        ReduceProd => new Fold("1", "v", "a * v"),
        ReduceMax => new Fold(Least(type), "v", Larger(type, "a", "v")),
        ReduceMin => new Fold(Greatest(type), "v", Smaller(type, "a", "v")),
        ReduceAll => new Fold("1", "v", "(uchar)(a & v)"),
        ReduceAny => new Fold("0", "v", "(uchar)(a | v)"),
        _ => null,
    };

    /// <summary>The least number of a type: the maximum of no elements.</summary>
    public static string Least(DType type) => type.IsFloating() ? "-INFINITY" : type switch { DType.Int32 => "INT_MIN", DType.Int64 => "LONG_MIN", _ => "0" };

    /// <summary>The greatest number of a type: the minimum of no elements.</summary>
    public static string Greatest(DType type) => type.IsFloating()
        ? "INFINITY"
        : type switch { DType.Int32 => "INT_MAX", DType.Int64 => "LONG_MAX", DType.UInt64 => "ULONG_MAX", _ => "1" };

    /// <summary>The larger of two numbers, NaN if one is.</summary>
    public static string Larger(DType type, string a, string b) => type.IsFloating() ? $"NMAX({a}, {b})" : $"max({a}, {b})";

    /// <summary>The smaller of two numbers, NaN if one is.</summary>
    public static string Smaller(DType type, string a, string b) => type.IsFloating() ? $"NMIN({a}, {b})" : $"min({a}, {b})";
}
