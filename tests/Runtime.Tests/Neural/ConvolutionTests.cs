namespace KerasCompat.Runtime.Tests.Neural;

public class ConvolutionTests
{
    /// <summary>x, kernel size, filters, strides, dilations, padding, groups, bias.</summary>
    public static TheoryData<DType, int[], int[], int, int[], int[], PaddingMode, int, bool> Cases()
    {
        var data = new TheoryData<DType, int[], int[], int, int[], int[], PaddingMode, int, bool>();
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            foreach (PaddingMode padding in Enum.GetValues<PaddingMode>())
            {
                data.Add(type, [2, 9, 3], [3], 5, [1], [1], padding, 1, true);
                data.Add(type, [2, 9, 4], [3], 6, [2], [1], padding, 2, false);
                data.Add(type, [1, 11, 4], [4], 8, [1], [3], padding, 4, true);
                data.Add(type, [1, 7, 2], [1], 3, [1], [1], padding, 1, true);
                data.Add(type, [3, 70, 17], [5], 33, [3], [1], padding, 1, true);
                if (padding == PaddingMode.Causal)
                {
                    continue;
                }

                data.Add(type, [2, 6, 7, 3], [3, 2], 4, [1, 1], [1, 1], padding, 1, true);
                data.Add(type, [2, 6, 7, 4], [3, 2], 4, [2, 3], [1, 1], padding, 2, true);
                data.Add(type, [1, 9, 8, 2], [3, 3], 3, [1, 1], [2, 3], padding, 1, false);
                data.Add(type, [2, 5, 5, 16], [1, 1], 32, [1, 1], [1, 1], padding, 1, true);
                data.Add(type, [1, 13, 12, 3], [7, 7], 16, [2, 2], [1, 1], padding, 1, true);
                data.Add(type, [1, 9, 8, 32], [3, 3], 20, [1, 1], [1, 1], padding, 1, true);
                data.Add(type, [1, 5, 4, 6, 3], [2, 3, 2], 4, [1, 1, 1], [1, 1, 1], padding, 1, true);
                data.Add(type, [1, 5, 6, 6, 4], [3, 3, 3], 2, [2, 1, 2], [1, 1, 1], padding, 2, false);
            }
        }

        data.Add(DType.Float32, [0, 6, 6, 3], [3, 3], 4, [1, 1], [1, 1], PaddingMode.Same, 1, true);
        data.Add(DType.Float16, [2, 6, 6, 3], [3, 3], 4, [1, 1], [1, 1], PaddingMode.Same, 1, true);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Conv_sums_over_windows(DType type, int[] shape, int[] window, int filters, int[] strides, int[] dilations, PaddingMode mode, int groups, bool bias)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch", "length");
        Tensor<double> kernel = test.Weight(new Shape([.. window, shape[^1] / groups, filters])), b = test.Weight(new Shape(filters));
        Padding padding = Explicitly(mode, window);
        (int[] sizes, int[] before) = Axes(shape, window, strides, dilations, padding);
        int perGroup = filters / groups;
        Tensor<double> expected = Loops.Make(new Shape([shape[0], .. sizes, filters]), y =>
        {
            double sum = bias ? b[y[^1]] : 0;
            foreach (int[] tap in Loops.Indices(new Shape(window)))
            {
                int[] at = At(y, tap, strides, dilations, before);
                for (int c = 0; c < shape[^1] / groups && Inside(at, shape); c++)
                {
                    at[^1] = (y[^1] / perGroup * (shape[^1] / groups)) + c;
                    sum += x[at] * kernel[[.. tap, c, y[^1]]];
                }
            }

            return sum;
        });
        Tensor<double> actual = test.Run((g, v) => g.Conv(v[0], v[1], bias ? v[2] : null, [.. strides], [.. dilations], padding, groups));
        test.AssertClose(expected, actual, 10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DepthwiseConv_takes_each_channel_alone(DType type, int[] shape, int[] window, int filters, int[] strides, int[] dilations, PaddingMode mode, int groups, bool bias)
    {
        int multiplier = filters % 3 == 0 ? 1 : groups + 1;
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch", "length");
        Tensor<double> kernel = test.Weight(new Shape([.. window, shape[^1], multiplier])), b = test.Weight(new Shape(shape[^1] * multiplier));
        Padding padding = Explicitly(mode, window);
        (int[] sizes, int[] before) = Axes(shape, window, strides, dilations, padding);
        Tensor<double> expected = Loops.Make(new Shape([shape[0], .. sizes, b.Length]), y =>
        {
            double sum = bias ? b[y[^1]] : 0;
            foreach (int[] tap in Loops.Indices(new Shape(window)))
            {
                int[] at = At(y, tap, strides, dilations, before);
                at[^1] = y[^1] / multiplier;
                sum += Inside(at, shape) ? x[at] * kernel[[.. tap, at[^1], y[^1] % multiplier]] : 0;
            }

            return sum;
        });
        Tensor<double> actual = test.Run((g, v) => g.DepthwiseConv(v[0], v[1], bias ? v[2] : null, [.. strides], [.. dilations], padding));
        test.AssertClose(expected, actual, 10);
    }

    /// <summary>x, kernel size, filters, strides, dilations, padding, output padding (−1: none given).</summary>
    public static TheoryData<DType, int[], int[], int, int[], int[], PaddingMode, int> TransposeCases()
    {
        var data = new TheoryData<DType, int[], int[], int, int[], int[], PaddingMode, int>();
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            foreach (PaddingMode padding in new[] { PaddingMode.Valid, PaddingMode.Same })
            {
                foreach (int output in new[] { -1, 0, 1 })
                {
                    data.Add(type, [2, 5, 3], [3], 4, [2], [1], padding, output);
                    data.Add(type, [1, 5, 3], [2], 4, [4], [1], padding, output);
                    data.Add(type, [1, 4, 5, 3], [3, 4], 2, [2, 3], [1, 1], padding, output);
                    data.Add(type, [1, 8, 9, 16], [4, 4], 24, [2, 2], [1, 1], padding, output);
                }

                // With a stride of 1 no output padding but 0 fits.
                foreach (int output in new[] { -1, 0 })
                {
                    data.Add(type, [2, 5, 3], [3], 4, [1], [1], padding, output);
                    data.Add(type, [1, 4, 5, 3], [3, 2], 2, [1, 1], [2, 2], padding, output);
                    data.Add(type, [1, 3, 2, 4, 2], [2, 3, 3], 3, [2, 1, 2], [1, 1, 1], padding, output);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TransposeCases))]
    public void ConvTranspose_scatters_its_kernel(DType type, int[] shape, int[] window, int filters, int[] strides, int[] dilations, PaddingMode mode, int outputPadding)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch", "length");
        Tensor<double> kernel = test.Weight(new Shape([.. window, filters, shape[^1]])), b = test.Weight(new Shape(filters));
        int spatial = window.Length;
        int[] sizes = new int[spatial], crops = new int[spatial], fulls = new int[spatial];
        for (int i = 0; i < spatial; i++)
        {
            int n = shape[i + 1], s = strides[i], ke = ((window[i] - 1) * dilations[i]) + 1;
            fulls[i] = ((n - 1) * s) + ke;
            if (mode == PaddingMode.Valid)
            {
                sizes[i] = ((n - 1) * s) + ke + (outputPadding < 0 ? Math.Max(s - ke, 0) : outputPadding);
            }
            else
            {
                sizes[i] = outputPadding < 0 ? n * s : ((n - 1) * s) + (ke % 2) + outputPadding;
                crops[i] = Math.Max((int)Math.Floor((ke - (outputPadding < 0 ? s : (ke % 2) + outputPadding)) / 2.0), 0);
            }
        }

        Tensor<double> full = Tensor.Zeros(DType.Float64, new Shape([shape[0], .. fulls, filters])).As<double>();
        foreach (int[] i in Loops.Indices(x.Shape))
        {
            foreach (int[] tap in Loops.Indices(new Shape([.. window, filters])))
            {
                int[] at = [i[0], .. Enumerable.Range(0, spatial).Select(a => (i[a + 1] * strides[a]) + (tap[a] * dilations[a])), tap[^1]];
                full[at] += x[i] * kernel[[.. tap, i[^1]]];
            }
        }

        Tensor<double> expected = Loops.Make(new Shape([shape[0], .. sizes, filters]), y =>
        {
            int[] at = [y[0], .. Enumerable.Range(0, spatial).Select(a => y[a + 1] + crops[a]), y[^1]];
            return (Inside(at, full.Shape.Dims.ToArray()) ? full[at] : 0) + b[y[^1]];
        });
        EquatableList<int>? given = outputPadding < 0 ? null : [.. Enumerable.Repeat(outputPadding, spatial)];
        test.AssertClose(expected, test.Run((g, v) => g.ConvTranspose(v[0], v[1], v[2], [.. strides], [.. dilations], mode, given)), 10);
    }

    [Fact]
    public void A_window_longer_than_the_axis_is_refused()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), 2, 3));
        Value kernel = g.Weight(new Weight("kernel", DType.Float32, new Shape(4, 3, 5)));
        Assert.Throws<ModelFormatException>(() => g.Conv(x, kernel, null, [1], [1], Padding.Valid));
    }

    internal static Padding Explicitly(PaddingMode mode, int[] window) => mode == PaddingMode.Explicit
        ? Padding.Explicit([.. window.Select((w, i) => (w + i) % 3)], [.. window.Select((w, i) => i + 1)])
        : new Padding(mode);

    /// <summary>Number of windows and zeros before, as Keras's documentation has them.</summary>
    internal static (int[] Sizes, int[] Before) Axes(int[] shape, int[] window, int[] strides, int[] dilations, Padding padding)
    {
        int[] sizes = new int[window.Length], before = new int[window.Length];
        for (int i = 0; i < window.Length; i++)
        {
            int n = shape[i + 1], s = strides[i], ke = ((window[i] - 1) * dilations[i]) + 1, total = 0;
            switch (padding.Mode)
            {
                case PaddingMode.Same:
                    int windows = (int)Math.Ceiling((double)n / s);
                    total = Math.Max(((windows - 1) * s) + ke - n, 0);
                    before[i] = total / 2;
                    break;
                case PaddingMode.Causal:
                    before[i] = total = dilations[i] * (window[i] - 1);
                    break;
                case PaddingMode.Explicit:
                    before[i] = padding.Begin![i];
                    total = before[i] + padding.End![i];
                    break;
            }

            sizes[i] = (int)Math.Floor((double)(n + total - ke) / s) + 1;
        }

        return (sizes, before);
    }

    internal static int[] At(int[] y, int[] tap, int[] strides, int[] dilations, int[] before) =>
        [y[0], .. Enumerable.Range(0, tap.Length).Select(i => (y[i + 1] * strides[i]) + (tap[i] * dilations[i]) - before[i]), 0];

    internal static bool Inside(int[] at, int[] shape) => at.Zip(shape).All(p => p.First >= 0 && p.First < p.Second);
}
