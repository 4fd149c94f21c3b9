using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.Tests.Neural;

/// <summary>Runs one operator (or a few) as a planned graph, to be compared with a plain loop in double.</summary>
internal sealed class OpCase
{
    private readonly List<(Tensor Value, SymbolicShape? Shape)> _arguments = [];
    private readonly Random _random;
    private readonly DType _type;

    public OpCase(DType type, int seed = 1)
    {
        _type = type;
        _random = new Random(seed);
    }

    /// <summary>Random numbers that float32 holds exactly, so that the reference sees what the operator sees.</summary>
    public Tensor<double> Random(Shape shape, double from = -1, double to = 1)
    {
        Tensor<double> tensor = Tensor.Zeros(DType.Float64, shape).As<double>();
        foreach (ref double element in tensor.Span)
        {
            element = (float)(from + (_random.NextDouble() * (to - from)));
        }

        return tensor;
    }

    /// <summary>An input of random numbers whose first axes are the named symbols; null names a fixed axis.</summary>
    public Tensor<double> Input(Shape shape, params string?[] symbols) => Add(Random(shape), symbols);

    /// <summary>A weight of random numbers.</summary>
    public Tensor<double> Weight(Shape shape, double from = -1, double to = 1) => AddWeight(Random(shape, from, to));

    public Tensor<double> AddWeight(Tensor<double> value)
    {
        _arguments.Add((value.Cast(_type), null));
        return value;
    }

    /// <summary>An input of given numbers, cast to the case's type unless they are bool or integers.</summary>
    public TTensor Add<TTensor>(TTensor value, params string?[] symbols)
        where TTensor : Tensor
    {
        var shape = new SymbolicShape(value.Shape.Select((d, i) => i < symbols.Length && symbols[i] is { } s ? Dim.Symbol(s) : (Dim)d));
        _arguments.Add((value.DType == DType.Float64 ? value.Cast(_type) : value, shape));
        return value;
    }

    /// <summary>Builds the graph over the arguments, in the order in which they were made, and runs it twice.</summary>
    public Tensor<double>[] Run(Func<GraphBuilder, Value[], IReadOnlyList<Value>> build)
    {
        var builder = new GraphBuilder();
        Value[] values = [.. _arguments.Select((a, i) => a.Shape is { } shape
            ? builder.Input($"x{i}", a.Value.DType, shape)
            : builder.Weight(new Weight($"w{i}", a.Value.DType, a.Value.Shape) { Path = $"w{i}", Value = a.Value }))];
        var executable = new CpuExecutable(builder.Build(build(builder, values)), optimize: false);
        Tensor[] inputs = [.. _arguments.Where(a => a.Shape is not null).Select(a => a.Value)];
        executable.Run(inputs);
        return [.. executable.Run(inputs).Select(t => t.Cast(DType.Float64).As<double>())];
    }

    public Tensor<double> Run(Func<GraphBuilder, Value[], Value> build) => Run((g, v) => [build(g, v)])[0];

    /// <summary>Asserts equal shapes, and elements equal within what the case's type can tell.</summary>
    public void AssertClose(Tensor<double> expected, Tensor<double> actual, double scale = 1)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double tolerance = scale * (_type switch { DType.Float64 => 1e-12, DType.Float32 => 1e-5, _ => 1e-2 });
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected.Span[i], a = actual.Span[i];
            bool close = e.Equals(a) || Math.Abs(e - a) <= tolerance * (1 + Math.Abs(e));
            Assert.True(close, $"element {i} of {expected.Shape}: expected {e:R}, found {a:R}");
        }
    }
}

/// <summary>Plain loops that references are written with.</summary>
internal static class Loops
{
    /// <summary>Every index of a shape, in C order; the array is reused.</summary>
    public static IEnumerable<int[]> Indices(Shape shape)
    {
        if (shape.ElementCount == 0)
        {
            yield break;
        }

        var index = new int[shape.Rank];
        while (true)
        {
            yield return index;
            int axis = shape.Rank - 1;
            while (axis >= 0 && ++index[axis] == shape[axis])
            {
                index[axis--] = 0;
            }

            if (axis < 0)
            {
                yield break;
            }
        }
    }

    /// <summary>A tensor whose element at each index is what the function gives.</summary>
    public static Tensor<double> Make(Shape shape, Func<int[], double> element)
    {
        Tensor<double> tensor = Tensor.Zeros(DType.Float64, shape).As<double>();
        foreach (int[] index in Indices(shape))
        {
            tensor[index] = element(index);
        }

        return tensor;
    }
}
