namespace KerasCompat.Runtime.Tests.Ops;

/// <summary>Test data, and comparison within the precision of the element type.</summary>
internal static class Values
{
    public static readonly DType[] Floating = [DType.Float32, DType.Float64, DType.Float16, DType.BFloat16];

    public static readonly DType[] Integers =
        [DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64];

    public static readonly DType[] Numeric = [.. Floating, .. Integers];

    public static readonly DType[] All = [.. Numeric, DType.Bool, DType.String];

    /// <summary>Every name with every type.</summary>
    public static TheoryData<string, DType> Cases(IEnumerable<string> names, IEnumerable<DType> types)
    {
        var cases = new TheoryData<string, DType>();
        foreach (string name in names)
        {
            foreach (DType type in types)
            {
                cases.Add(name, type);
            }
        }

        return cases;
    }

    /// <summary>A tensor of the given numbers.</summary>
    public static Tensor Of(DType type, Shape shape, params IEnumerable<double> values) =>
        new Tensor<double>(values.ToArray(), shape).Cast(type);

    /// <summary>Distinct elements of any type, text included: 0, 1, 2 … (bool: by a pattern).</summary>
    public static Tensor Counting(DType type, params int[] dims)
    {
        var shape = new Shape(dims);
        IEnumerable<int> numbers = Enumerable.Range(0, shape.ElementCount);
        return type switch
        {
            DType.String => new Tensor<string>(numbers.Select(i => $"t{i}").ToArray(), shape),
            DType.Bool => new Tensor<bool>(numbers.Select(i => i % 3 == 0 || i % 7 == 2).ToArray(), shape),
            _ => Of(type, shape, numbers.Select(i => (double)i)),
        };
    }

    /// <summary>Small numbers of both signs in no order, exact in every numeric type that has a sign.</summary>
    public static Tensor Random(DType type, int seed, params int[] dims)
    {
        var random = new Random(seed);
        var shape = new Shape(dims);
        int low = type.IsUnsigned() || type == DType.Bool ? 0 : -8;
        double scale = type.IsFloating() ? 0.25 : 1;
        return Of(type, shape, Enumerable.Range(0, shape.ElementCount).Select(_ => random.Next(low, 9) * scale));
    }

    /// <summary>The texts of a result whose element at each place is the input's at the place that a function tells (null: <paramref name="missing"/>).</summary>
    public static string[] Moved(Tensor x, Shape result, Func<int[], int[]?> source, string missing = "0")
    {
        string[] texts = x.Texts();
        int[] strides = x.Shape.Strides();
        return [.. Places(result).Select(at => source(at) is { } from ? texts[from.Zip(strides, (a, b) => a * b).Sum()] : missing)];
    }

    /// <summary>The places of a shape in order.</summary>
    public static IEnumerable<int[]> Places(Shape shape)
    {
        for (int i = 0; i < shape.ElementCount; i++)
        {
            var at = new int[shape.Rank];
            for (int axis = shape.Rank - 1, rest = i; axis >= 0; rest /= shape[axis], axis--)
            {
                at[axis] = rest % shape[axis];
            }

            yield return at;
        }
    }

    public static double[] Doubles(this Tensor tensor) => tensor.Cast(DType.Float64).As<double>().ToArray();

    /// <summary>The elements of any type as text, for exact comparison.</summary>
    public static string[] Texts(this Tensor tensor) => tensor is Tensor<string> text
        ? text.ToArray()
        : [.. tensor.Doubles().Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Compares with numbers that are first rounded to the type; NaN equals NaN.</summary>
    /// <param name="ulps">How many units of relative precision the result may be off.</param>
    public static void AssertClose(IReadOnlyList<double> expected, Tensor actual, double ulps, string what = "")
    {
        double unit = actual.DType switch
        {
            DType.Float32 => Math.Pow(2, -23),
            DType.Float64 => Math.Pow(2, -52),
            DType.Float16 => Math.Pow(2, -10),
            DType.BFloat16 => Math.Pow(2, -7),
            _ => 0,
        };
        double[] rounded = Of(actual.DType, new Shape(expected.Count), expected).Doubles(), found = actual.Doubles();
        Assert.Equal(rounded.Length, found.Length);
        double smallest = actual.DType switch { DType.Float32 => 1.5e-45, DType.Float16 => 6e-8, _ => 0 };
        for (int i = 0; i < found.Length; i++)
        {
            bool close = rounded[i].Equals(found[i]) || rounded[i] == found[i]
                || Math.Abs(rounded[i] - found[i]) <= ulps * Math.Max(unit * Math.Abs(rounded[i]), smallest);
            Assert.True(close, $"{what} {actual.DType}: element {i} is {found[i]:R}, expected {rounded[i]:R}");
        }
    }
}
