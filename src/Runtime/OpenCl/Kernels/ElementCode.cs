namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>OpenCL C for operators on single elements: an expression each.</summary>
internal static class ElementCode
{
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
        DType type = lanes.Element, computed = ElementTypes.Widened(type);
        string t = lanes.Type;
        if (computed == DType.Bool)
        {
            return op is Not ? $"(uchar)({x} ^ 1)" : null;
        }

        if (lanes.Count > 1 && op is not (Relu or Elu or Selu or LeakyRelu or ThresholdedRelu or Sigmoid or HardSigmoid or HardSwish or Swish or Gelu or Mish or Softplus or Softsign or Clip or Tanh or Runtime.Exp))
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
                Clip clip when Bounded(clip, computed) => $"min(max({x}, {ElementTypes.Literal(clip.Low, type)}), {ElementTypes.Literal(clip.High, type)})",
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
            Sigmoid => $"(1 / (1 + {Exp($"-{x}", lanes)}))",
            HardSigmoid hard => Clamped($"({L(hard.Alpha)} * {x} + {L(hard.Beta)})"),
            HardSwish => $"({x} * {Clamped($"({x} * {L(1.0 / 6)} + {L(0.5)})")})",
            Swish => $"({x} / (1 + {Exp($"-{x}", lanes)}))",
            Gelu { Approximate: true } => $"({L(0.5)} * {x} * (1 + {Own("tanh", lanes)}({L(0.79788456080286535587989211986876)} * ({x} + {L(0.044715)} * {x} * {x} * {x}))))",
            Gelu when computed == DType.Float32 => $"({L(0.5)} * {x} * (1 + erf_{t}({x} * {L(0.70710678118654752440084436210485)})))",
            Gelu => $"({L(0.5)} * {x} * erfc(-{x} * {L(0.70710678118654752440084436210485)}))",
            Mish => $"({x} * {Own("tanh", lanes)}({SoftplusOf(x, lanes)}))",
            Softplus => SoftplusOf(x, lanes),
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
            Runtime.Exp or Tanh or Erf => $"{Own(FunctionOf(op)!, lanes)}({x})",
            _ => FunctionOf(op) is { } function ? $"{function}({x})" : null,
        };

        string L(double value) => ElementTypes.Literal(value, type);

        string Clamped(string y) => $"NMIN(NMAX({y}, ({t})0), ({t})1)";
    }

    private static string? FunctionOf(Op op) => op switch
    {
        Runtime.Exp => "exp",
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

    /// <summary>e to the power of a value.</summary>
    public static string Exp(string x, Lanes lanes) => $"{Own("exp", lanes)}({x})";

    /// <summary>The prelude's function in place of OpenCL's, where it has one for the type.</summary>
    private static string Own(string function, Lanes lanes) => ElementTypes.Widened(lanes.Element) == DType.Float32 ? $"{function}_{lanes.Type}" : function;

    private static string SoftplusOf(string x, Lanes lanes) => $"(NMAX({x}, ({lanes.Type})0) + log1p({Exp($"-fabs({x})", lanes)}))";

    private static bool Bounded(Clip clip, DType type) => type is DType.Int32
        ? clip is { Low: >= int.MinValue, High: <= int.MaxValue }
        : type is DType.Int64 && Math.Abs(clip.Low) < 1L << 53 && Math.Abs(clip.High) < 1L << 53;

    private static string? Binary(Op op, string a, string b, DType type)
    {
        DType computed = ElementTypes.Widened(type);
        string t = ElementTypes.TypeName(type);
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
                LogAddExp => $"({a} == {b} ? {a} + {ElementTypes.Literal(0.693147180559945309417232121458, type)} : NMAX({a}, {b}) + log1p({Exp($"-fabs({a} - {b})", new Lanes(type, 1))}))",
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
        DType source = ElementTypes.Widened(from);
        if (to == DType.Bool)
        {
            return $"(uchar)({x} != 0)";
        }

        return source is DType.Float32 or DType.Float64
            ? ElementTypes.Widened(to) switch
            {
                DType.Float32 => $"(float)({x})",
                DType.Float64 => $"(double)({x})",
                DType.Int32 => $"TO_INT({x})",
                DType.UInt64 => $"TO_ULONG({x})",
                _ => $"TO_LONG({x})",
            }
            : $"({ElementTypes.TypeName(to)})({x})";
    }

    private static string? Normalized(BatchNormalization op, Node node, IReadOnlyList<string> a)
    {
        DType type = node.Inputs[0]!.DType;
        string t = ElementTypes.TypeName(type);
        string gamma = node.Inputs.ElementAtOrDefault(3) is null ? $"({t})1" : a[3], beta = node.Inputs.ElementAtOrDefault(4) is null ? $"({t})0" : a[4];
        string factor = $"({gamma} / sqrt({a[2]} + {ElementTypes.Literal(op.Epsilon, type)}))";
        return Activation(op.Activation, $"({a[0]} * {factor} + ({beta} - {a[1]} * {factor}))", new Lanes(type, 1));
    }
}
