using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations that make, take or multiply complex numbers, which are held as a real and an imaginary tensor.</summary>
internal static class ComplexOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["Abs"] = Absolute,
        ["Absolute"] = Absolute,
        ["Angle"] = Angle,
        ["Conj"] = Conjugate,
        ["Conjugate"] = Conjugate,
        ["Imag"] = c => new KerasTensor(Of(c) is { Imaginary: { } imaginary } ? imaginary : c.Graph.Zeros(c.X.Shape, c.X.DType)),
        ["Isreal"] = c => new KerasTensor(Of(c) is { Imaginary: { } imaginary } ? c.Graph.Equal(imaginary, 0) : c.Graph.Full(c.X.Shape, 1, DType.Bool)),
        ["Multiply"] = Multiply,
        ["Polar"] = Polar,
        ["Real"] = c => new KerasTensor(c.X),
        ["ViewAsComplex"] = ViewAsComplex,
        ["ViewAsReal"] = ViewAsReal,
    };

    private static KerasTensor Of(OperationCall c) => c.Operand(0, "x").Tensor ?? new KerasTensor(c.X);

    private static Structure Absolute(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        KerasTensor x = Of(c);
        return new KerasTensor(x.Imaginary is { } imaginary ? g.Hypot(x.Value, imaginary)
            : x.Value.DType == DType.Bool || x.Value.DType.IsUnsigned() ? x.Value
            : g.Abs(x.Value));
    }

    private static Structure Angle(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        KerasTensor z = Of(c);
        Value x = ToFloating(g, z.Value);
        return new KerasTensor(g.Atan2(z.Imaginary ?? g.Zeros(x.Shape, x.DType), x));
    }

    private static Structure Conjugate(OperationCall c) => Of(c) is var z && z.Imaginary is { } imaginary ? z with { Imaginary = c.Graph.Neg(imaginary) } : z;

    private static Structure Multiply(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Operand first = c.Operand(0, "x1"), second = c.Operand(1, "x2");
        (Value a, Value b) = c.Promote(first, second);
        Value? ia = first.Tensor?.Imaginary, ib = second.Tensor?.Imaginary;
        Value real = g.Mul(a, b);
        if (ia is null && ib is null)
        {
            return new KerasTensor(real);
        }

        return new KerasTensor(
            ia is not null && ib is not null ? g.Sub(real, g.Mul(ia, ib)) : real,
            Imaginary: ia is null ? g.Mul(a, ib!) : ib is null ? g.Mul(ia, b) : g.Add(g.Mul(a, ib), g.Mul(ia, b)));
    }

    private static Structure Polar(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value size, Value angle) = c.Promote(c.Operand(0, "abs_"), c.Operand(1, "angle"), KerasType.Float);
        return new KerasTensor(g.Mul(size, g.Cos(angle)), Imaginary: g.Mul(size, g.Sin(angle)));
    }

    private static Structure ViewAsComplex(OperationCall c)
    {
        Value x = c.X;
        return new KerasTensor(c.Graph.Select(x, x.Rank - 1, 0), Imaginary: c.Graph.Select(x, x.Rank - 1, 1));
    }

    private static Structure ViewAsReal(OperationCall c)
    {
        KerasTensor z = Of(c);
        return new KerasTensor(c.Graph.Stack([z.Value, z.Imaginary ?? c.Graph.Zeros(z.Value.Shape, z.Value.DType)], z.Value.Rank));
    }
}
