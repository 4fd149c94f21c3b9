using System.Globalization;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>OpenCL C for operators on single elements: types, loads, stores and expressions.</summary>
internal static class ElementCode
{
    /// <summary>Functions that C lacks or defines otherwise than numpy does.</summary>
    /// <remarks>NaN passes through maximum and minimum; integers divide by zero to zero; casts outside the range give the smallest number, as on x86-64.</remarks>
    public const string Prelude = """
        #ifdef cl_khr_fp64
        #pragma OPENCL EXTENSION cl_khr_fp64 : enable
        #endif
        #pragma OPENCL FP_CONTRACT OFF
        #define NMAX(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
        #define NMIN(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
        #define SIGN(x) ((x) != (x) ? (x) : ((x) > 0) - ((x) < 0))
        #define TRUNC_DIV(a, b) ((b) == 0 ? 0 : (b) == -1 ? -(a) : (a) / (b))
        #define TRUNC_MOD(a, b) ((b) == 0 || (b) == -1 ? 0 : (a) % (b))
        #define TO_INT(x) ((x) >= -2147483648.0f && (x) < 2147483648.0f ? (int)(x) : INT_MIN)
        #define TO_LONG(x) ((x) >= -9223372036854775808.0f && (x) < 9223372036854775808.0f ? (long)(x) : LONG_MIN)
        #define TO_ULONG(x) ((x) < 0 ? (ulong)TO_LONG(x) : convert_ulong_sat(x))
        inline int floor_div_int(int a, int b) { int q = TRUNC_DIV(a, b), r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? q - 1 : q; }
        inline long floor_div_long(long a, long b) { long q = TRUNC_DIV(a, b), r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? q - 1 : q; }
        inline int floor_mod_int(int a, int b) { int r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r; }
        inline long floor_mod_long(long a, long b) { long r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r; }
        #define FLOOR(T) inline T floor_div_##T(T a, T b) \
        { \
            if (b == 0) return a / b; \
            T r = fmod(a, b), q = (a - r) / b; \
            if (r != 0 && (r < 0) != (b < 0)) q -= 1; \
            return q == 0 ? copysign((T)0, a / b) : rint(q); \
        } \
        inline T floor_mod_##T(T a, T b) \
        { \
            T r = fmod(a, b); \
            return r == 0 ? copysign((T)0, b) : (r < 0) != (b < 0) ? r + b : r; \
        }
        FLOOR(float)
        // After N. Juffa, as on the CPU: an odd polynomial near zero, 1 - e^p(|x|) from 0.93 on.
        #define ERF(NAME, T) inline T NAME(T x) \
        { \
            T t = fabs(x) > 4 ? (T)4 : fabs(x), s = t * t; \
            T far = fma(fma((T)-1.72853470e-5f, t, (T)3.83197126e-4f), s, fma((T)-3.88396438e-3f, t, (T)2.42546219e-2f)); \
            far = fma(fma(fma(far, t, (T)-1.06777877e-1f), t, (T)-6.34846687e-1f), t, (T)-1.28717512e-1f); \
            T near = fma(fma((T)-5.96761703e-4f, s, (T)4.99119423e-3f), s, (T)-2.67681349e-2f); \
            near = fma(fma(fma(near, s, (T)1.12819925e-1f), s, (T)-3.76125336e-1f), s, (T)1.28379166e-1f); \
            return copysign(t < 0.927734375f ? fma(near, t, t) : 1 - exp(fma(far, t, -t)), x); \
        }
        ERF(erf_float, float)
        ERF(erf_float16, float16)
        inline ushort round_bfloat16(float x)
        {
            uint u = as_uint(x);
            return x != x ? (ushort)((u >> 16) | 0x40) : (ushort)((u + 0x7fff + ((u >> 16) & 1)) >> 16);
        }
        #ifdef cl_khr_fp64
        FLOOR(double)
        #endif

        """;

    /// <summary>The type in which a type is computed: 16-bit floats as float32, small integers as int64.</summary>
    public static DType Widened(DType type) => type switch
    {
        DType.Float16 or DType.BFloat16 => DType.Float32,
        DType.Int8 or DType.Int16 or DType.UInt8 or DType.UInt16 or DType.UInt32 => DType.Int64,
        _ => type,
    };

    /// <summary>OpenCL's name of the type in which a type is computed.</summary>
    public static string TypeName(DType type) => Widened(type) switch
    {
        DType.Float32 => "float",
        DType.Float64 => "double",
        DType.Int32 => "int",
        DType.Int64 => "long",
        DType.UInt64 => "ulong",
        _ => "uchar",
    };

    /// <summary>OpenCL's name of the type in which a type is stored.</summary>
    public static string StorageName(DType type) => type switch
    {
        DType.Float16 => "half",
        DType.BFloat16 or DType.UInt16 => "ushort",
        DType.Int8 => "char",
        DType.Int16 => "short",
        DType.UInt32 => "uint",
        DType.UInt8 => "uchar",
        _ => TypeName(type),
    };

    /// <summary>OpenCL's name of a type of that many bytes, for moving elements.</summary>
    public static string BitsName(DType type) => type.Size() switch
    {
        1 => "uchar",
        2 => "ushort",
        4 => "uint",
        _ => "ulong",
    };

    public static string Load(DType type, string buffer, string index) => type switch
    {
        DType.Float16 => $"vload_half({index}, {buffer})",
        DType.BFloat16 => $"as_float((uint){buffer}[{index}] << 16)",
        _ => $"{buffer}[{index}]",
    };

    public static string Store(DType type, string buffer, string index, string value) => type switch
    {
        DType.Float16 => $"vstore_half_rte({value}, {index}, {buffer});",
        DType.BFloat16 => $"{buffer}[{index}] = round_bfloat16({value});",
        _ => $"{buffer}[{index}] = ({StorageName(type)})({value});",
    };

    /// <summary>A number as a literal of a type.</summary>
    public static string Literal(double value, DType type)
    {
        if (Widened(type) is not (DType.Float32 or DType.Float64))
        {
            return $"({TypeName(type)}){value.ToString("F0", CultureInfo.InvariantCulture)}L";
        }

        bool isFloat = Widened(type) == DType.Float32;
        if (double.IsNaN(value) || double.IsInfinity(value) || (isFloat && float.IsInfinity((float)value)))
        {
            return double.IsNaN(value) ? $"(({TypeName(type)})NAN)" : value > 0 ? $"(({TypeName(type)})INFINITY)" : $"(-({TypeName(type)})INFINITY)";
        }

        string digits = isFloat ? ((float)value).ToString("E8", CultureInfo.InvariantCulture) + "f" : value.ToString("E16", CultureInfo.InvariantCulture);
        return digits[0] == '-' ? $"({digits})" : digits;
    }

    /// <summary>A number as an element of a type, its bits at the low end.</summary>
    public static ulong Bits(double value, DType type)
    {
        ulong bits = 0;
        Tensor.Scalar(value).Cast(type).Bytes.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref bits)));
        return bits;
    }

    /// <summary>True where a node is element-wise and has an expression for its types on the device.</summary>
    public static bool Supports(Node node, DeviceProperties device)
    {
        IEnumerable<Value> values = node.Inputs.OfType<Value>().Concat(node.Outputs);
        return node.Outputs.Count == 1
            && values.All(v => v.DType != DType.String && (device.HasDouble || v.DType != DType.Float64))
            && Expression(node, [.. node.Inputs.Select((_, i) => $"a{i}")]) is not null;
    }

    /// <summary>True where a node reads an input element by element, by numpy's broadcasting; false for parameters along one axis.</summary>
    public static bool ReadsWhole(Node node, Value input) => node.Op is not BatchNormalization || (node.Inputs[0] == input && !node.Inputs.Skip(1).Contains(input));

    /// <summary>What a node computes of one element of each input; null where it is not element-wise or has no expression for its types.</summary>
    public static string? Expression(Node node, IReadOnlyList<string> arguments)
    {
        if (node.Op is UnaryOp)
        {
            return Unary(node.Op, arguments[0], new Lanes(node.Inputs[0]!.DType, 1));
        }

        return node.Op switch
        {
            BinaryOp => Binary(node.Op, arguments[0], arguments[1], node.Inputs[0]!.DType),
            Where => $"({arguments[0]} ? {arguments[1]} : {arguments[2]})",
            Cast cast => Converted(arguments[0], node.Inputs[0]!.DType, cast.To),
            BatchNormalization normalization => Normalized(normalization, node, arguments),
            _ => null,
        };
    }

    /// <summary>The value of an activation, which may be none; null where it has no expression for the type.</summary>
    public static string? Activation(Op? op, string x, Lanes lanes) => op is null ? x : Unary(op, x, lanes);

    /// <summary>The value of an operator of one argument; null where it has no expression for the type.</summary>
    private static string? Unary(Op op, string x, Lanes lanes)
    {
        DType type = lanes.Element, computed = Widened(type);
        string t = lanes.Type;
        if (computed == DType.Bool)
        {
            return op is Not ? $"(uchar)({x} ^ 1)" : null;
        }

        if (lanes.Count > 1 && op is not (Relu or Elu or Selu or LeakyRelu or ThresholdedRelu or Sigmoid or HardSigmoid or HardSwish or Swish or Gelu or Mish or Softplus or Softsign or Clip or Tanh or Exp))
        {
            // Of the others some give another type, and none is used as a layer's activation.
            return null;
        }

        if (computed is not (DType.Float32 or DType.Float64))
        {
            return op switch
            {
                Relu => $"({x} < 0 ? ({t})0 : {x})",
                Abs => $"({x} < 0 ? -{x} : {x})",
                Neg => $"(-{x})",
                Sign => $"({t})SIGN({x})",
                Square => $"({x} * {x})",
                BitwiseNot => $"(~{x})",
                Clip clip when Bounded(clip, computed) => $"min(max({x}, {Literal(clip.Low, type)}), {Literal(clip.High, type)})",
                _ => null,
            };
        }

        return op switch
        {
            Relu => $"({x} < 0 ? ({t})0 : {x})",
            Elu elu => $"({x} >= 0 ? {x} : {L(elu.Alpha)} * expm1({x}))",
            Celu celu => $"({x} >= 0 ? {x} : {L(celu.Alpha)} * expm1({x} / {L(celu.Alpha)}))",
            Selu => $"({L(1.0507009873554804934193349852946)} * ({x} > 0 ? {x} : {L(1.6732632423543772848170429916717)} * expm1({x})))",
            LeakyRelu leaky => $"({x} >= 0 ? {x} : {L(leaky.Alpha)} * {x})",
            ThresholdedRelu threshold => $"({x} > {L(threshold.Alpha)} || {x} != {x} ? {x} : ({t})0)",
            Shrink shrink => $"({x} > {L(shrink.Lambda)} ? {x} - {L(shrink.Bias)} : {x} < {L(-shrink.Lambda)} ? {x} + {L(shrink.Bias)} : ({t})0)",
            Sigmoid => $"(1 / (1 + exp(-{x})))",
            HardSigmoid hard => Clamped($"({L(hard.Alpha)} * {x} + {L(hard.Beta)})"),
            HardSwish => $"({x} * {Clamped($"({x} * {L(1.0 / 6)} + {L(0.5)})")})",
            Swish => $"({x} / (1 + exp(-{x})))",
            Gelu { Approximate: true } => $"({L(0.5)} * {x} * (1 + tanh({L(0.79788456080286535587989211986876)} * ({x} + {L(0.044715)} * {x} * {x} * {x}))))",
            Gelu when computed == DType.Float32 => $"({L(0.5)} * {x} * (1 + erf_{t}({x} * {L(0.70710678118654752440084436210485)})))",
            Gelu => $"({L(0.5)} * {x} * erfc(-{x} * {L(0.70710678118654752440084436210485)}))",
            Mish => $"({x} * tanh({SoftplusOf(x, t)}))",
            Softplus => SoftplusOf(x, t),
            Softsign => $"({x} / (1 + fabs({x})))",
            Abs => $"fabs({x})",
            Neg => $"(-{x})",
            Sign => $"({t})SIGN({x})",
            Square => $"({x} * {x})",
            Reciprocal => $"(1 / {x})",
            Rsqrt => $"(1 / sqrt({x}))",
            Clip clip => $"NMIN(NMAX({x}, {L(clip.Low)}), {L(clip.High)})",
            Round => $"rint({x})",
            IsNaN => $"(uchar)({x} != {x})",
            IsInf inf => $"(uchar)(({x} == ({t})INFINITY && {(inf.Positive ? 1 : 0)}) || ({x} == -({t})INFINITY && {(inf.Negative ? 1 : 0)}))",
            IsFinite => $"(uchar)({x} - {x} == 0)",
            _ => FunctionOf(op) is { } function ? $"{function}({x})" : null,
        };

        string L(double value) => Literal(value, type);

        string Clamped(string y) => $"NMIN(NMAX({y}, ({t})0), ({t})1)";
    }

    private static string? FunctionOf(Op op) => op switch
    {
        Exp => "exp",
        Exp2 => "exp2",
        Expm1 => "expm1",
        Log => "log",
        Log2 => "log2",
        Log10 => "log10",
        Log1p => "log1p",
        Sqrt => "sqrt",
        Cbrt => "cbrt",
        Sin => "sin",
        Cos => "cos",
        Tan => "tan",
        Sinh => "sinh",
        Cosh => "cosh",
        Tanh => "tanh",
        Asin => "asin",
        Acos => "acos",
        Atan => "atan",
        Asinh => "asinh",
        Acosh => "acosh",
        Atanh => "atanh",
        Erf => "erf",
        Erfc => "erfc",
        Ceil => "ceil",
        Floor => "floor",
        Trunc => "trunc",
        _ => null,
    };

    private static string SoftplusOf(string x, string t) => $"(NMAX({x}, ({t})0) + log1p(exp(-fabs({x}))))";

    private static bool Bounded(Clip clip, DType type) => type is DType.Int32
        ? clip is { Low: >= int.MinValue, High: <= int.MaxValue }
        : type is DType.Int64 && Math.Abs(clip.Low) < 1L << 53 && Math.Abs(clip.High) < 1L << 53;

    private static string? Binary(Op op, string a, string b, DType type)
    {
        DType computed = Widened(type);
        string t = TypeName(type);
        string? comparison = op switch
        {
            Equal => "==",
            NotEqual => "!=",
            Less => "<",
            LessEqual => "<=",
            Greater => ">",
            GreaterEqual => ">=",
            _ => null,
        };
        if (comparison is not null)
        {
            return $"(uchar)({a} {comparison} {b})";
        }

        if (computed == DType.Bool)
        {
            return op switch
            {
                And => $"({a} & {b})",
                Or => $"({a} | {b})",
                Xor => $"({a} ^ {b})",
                _ => null,
            };
        }

        if (computed is DType.Float32 or DType.Float64)
        {
            return op switch
            {
                Add => $"({a} + {b})",
                Sub => $"({a} - {b})",
                Mul => $"({a} * {b})",
                Div => $"({a} / {b})",
                Maximum => $"NMAX({a}, {b})",
                Minimum => $"NMIN({a}, {b})",
                SquaredDifference => $"(({a} - {b}) * ({a} - {b}))",
                PRelu => $"({a} < 0 ? {b} * {a} : {a})",
                Pow => $"({b} == 2 ? {a} * {a} : pow({a}, {b}))",
                Atan2 => $"atan2({a}, {b})",
                Hypot => $"hypot({a}, {b})",
                CopySign => $"copysign({a}, {b})",
                Fmod => $"fmod({a}, {b})",
                FloorDiv => $"floor_div_{t}({a}, {b})",
                Mod => $"floor_mod_{t}({a}, {b})",
                Heaviside => $"({a} != {a} ? {a} : {a} < 0 ? ({t})0 : {a} > 0 ? ({t})1 : {b})",
                LogAddExp => $"({a} == {b} ? {a} + {Literal(0.693147180559945309417232121458, type)} : NMAX({a}, {b}) + log1p(exp(-fabs({a} - {b}))))",
                _ => null,
            };
        }

        // Overflow wraps around in C# and is undefined in C, so sums and products are those of the unsigned type.
        string u = computed == DType.Int32 ? "uint" : "ulong";
        bool signed = computed != DType.UInt64;
        return op switch
        {
            Add => $"({t})(({u}){a} + ({u}){b})",
            Sub => $"({t})(({u}){a} - ({u}){b})",
            Mul => $"({t})(({u}){a} * ({u}){b})",
            SquaredDifference => $"({t})((({u}){a} - ({u}){b}) * (({u}){a} - ({u}){b}))",
            Maximum => $"max({a}, {b})",
            Minimum => $"min({a}, {b})",
            BitwiseAnd => $"({a} & {b})",
            BitwiseOr => $"({a} | {b})",
            BitwiseXor => $"({a} ^ {b})",
            TruncDiv when signed => $"TRUNC_DIV({a}, {b})",
            Fmod when signed => $"TRUNC_MOD({a}, {b})",
            FloorDiv when signed => $"floor_div_{t}({a}, {b})",
            Mod when signed => $"floor_mod_{t}({a}, {b})",
            _ => null,
        };
    }

    private static string? Converted(string x, DType from, DType to)
    {
        DType source = Widened(from);
        if (to == DType.Bool)
        {
            return $"(uchar)({x} != 0)";
        }

        return source is DType.Float32 or DType.Float64
            ? Widened(to) switch
            {
                DType.Float32 => $"(float)({x})",
                DType.Float64 => $"(double)({x})",
                DType.Int32 => $"TO_INT({x})",
                DType.UInt64 => $"TO_ULONG({x})",
                _ => $"TO_LONG({x})",
            }
            : $"({TypeName(to)})({x})";
    }

    private static string? Normalized(BatchNormalization op, Node node, IReadOnlyList<string> a)
    {
        DType type = node.Inputs[0]!.DType;
        string t = TypeName(type);
        string gamma = node.Inputs.ElementAtOrDefault(3) is null ? $"({t})1" : a[3], beta = node.Inputs.ElementAtOrDefault(4) is null ? $"({t})0" : a[4];
        string factor = $"({gamma} / sqrt({a[2]} + {Literal(op.Epsilon, type)}))";
        return Activation(op.Activation, $"({a[0]} * {factor} + ({beta} - {a[1]} * {factor}))", new Lanes(type, 1));
    }
}
