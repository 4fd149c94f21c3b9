using KerasCompat.Onnx.Model;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Operators that work element by element.</summary>
internal static class ElementwiseExport
{
    /// <summary>Those that ONNX has under a name and without attributes.</summary>
    private static readonly (Type Op, string Name)[] Named =
    [
        (typeof(Abs), "Abs"), (typeof(Neg), "Neg"), (typeof(Reciprocal), "Reciprocal"), (typeof(Sign), "Sign"),
        (typeof(Add), "Add"), (typeof(Sub), "Sub"), (typeof(Mul), "Mul"), (typeof(Div), "Div"), (typeof(TruncDiv), "Div"), (typeof(Pow), "Pow"),
        (typeof(Maximum), "Max"), (typeof(Minimum), "Min"), (typeof(Mod), "Mod"),
        (typeof(Ceil), "Ceil"), (typeof(Floor), "Floor"), (typeof(Round), "Round"),
        (typeof(Sqrt), "Sqrt"), (typeof(Exp), "Exp"), (typeof(Log), "Log"), (typeof(Erf), "Erf"),
        (typeof(Sin), "Sin"), (typeof(Cos), "Cos"), (typeof(Tan), "Tan"), (typeof(Asin), "Asin"), (typeof(Acos), "Acos"), (typeof(Atan), "Atan"),
        (typeof(Sinh), "Sinh"), (typeof(Cosh), "Cosh"), (typeof(Tanh), "Tanh"), (typeof(Asinh), "Asinh"), (typeof(Acosh), "Acosh"), (typeof(Atanh), "Atanh"),
        (typeof(Relu), "Relu"), (typeof(Sigmoid), "Sigmoid"), (typeof(Softplus), "Softplus"), (typeof(Softsign), "Softsign"), (typeof(Selu), "Selu"),
        (typeof(PRelu), "PRelu"), (typeof(HardSwish), "HardSwish"), (typeof(Mish), "Mish"), (typeof(Swish), "Swish"),
        (typeof(Equal), "Equal"), (typeof(Greater), "Greater"), (typeof(GreaterEqual), "GreaterOrEqual"), (typeof(Less), "Less"), (typeof(LessEqual), "LessOrEqual"),
        (typeof(And), "And"), (typeof(Or), "Or"), (typeof(Xor), "Xor"), (typeof(Not), "Not"),
        (typeof(BitwiseAnd), "BitwiseAnd"), (typeof(BitwiseOr), "BitwiseOr"), (typeof(BitwiseXor), "BitwiseXor"), (typeof(BitwiseNot), "BitwiseNot"),
        (typeof(IsNaN), "IsNaN"), (typeof(Where), "Where"),
    ];

    public static IEnumerable<OnnxEntry> Entries =>
    [
        .. Named.Select(n => new OnnxEntry(n.Op, node => node.Elementwise(n.Name))),
        OnnxEntry.Of<Fmod>((n, _) => n.Elementwise("Mod", ("fmod", 1))),
        OnnxEntry.Of<Clip>((n, op) => n.Elementwise(x => n.Onnx.Clip(x[0], op.Low, op.High, n.DType))),
        OnnxEntry.Of<LeakyRelu>((n, op) => n.Elementwise("LeakyRelu", ("alpha", op.Alpha))),
        OnnxEntry.Of<ThresholdedRelu>((n, op) => n.Elementwise("ThresholdedRelu", ("alpha", op.Alpha))),
        OnnxEntry.Of<Elu>((n, op) => n.Elementwise("Elu", ("alpha", op.Alpha))),
        OnnxEntry.Of<Celu>((n, op) => n.Elementwise("Celu", ("alpha", op.Alpha))),
        OnnxEntry.Of<HardSigmoid>((n, op) => n.Elementwise("HardSigmoid", ("alpha", op.Alpha), ("beta", op.Beta))),
        OnnxEntry.Of<Shrink>((n, op) => n.Elementwise("Shrink", ("lambd", op.Lambda), ("bias", op.Bias))),
        OnnxEntry.Of<Gelu>((n, op) => n.Elementwise("Gelu", ("approximate", op.Approximate ? "tanh" : "none"))),
        OnnxEntry.Of<IsInf>((n, op) => n.Elementwise("IsInf", ("detect_negative", op.Negative), ("detect_positive", op.Positive))),
        OnnxEntry.Of<BitCast>((n, op) => n.Elementwise("BitCast", ("to", OnnxElementType.Of(op.To)))),
        OnnxEntry.Of<Cast>((n, op) => n.Elementwise(x => n.Onnx.Cast(x[0], op.To))),
    ];
}
