using System.IO.Compression;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Runtime.Tests.Neural;

public class ImageTests
{
    /// <summary>What Keras's Resizing layer gave, where it neither crops nor pads.</summary>
    public static TheoryData<string> Resizings() =>
        [.. Fixtures.Cases("keras3-layers").Select(c => (string)c["name"]!).Where(n => n.StartsWith("resizing-", StringComparison.Ordinal) && File.Exists(Fixtures.Path("keras3-layers", $"{n}.keras")))];

    [Theory]
    [MemberData(nameof(Resizings))]
    public void Resize_gives_what_Keras_gave(string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(Fixtures.Path("keras3-layers", $"{name}.keras"));
        using var reader = new StreamReader(archive.GetEntry("config.json")!.Open());
        JToken? config = JObject.Parse(reader.ReadToEnd()).SelectToken("$..layers[?(@.class_name == 'Resizing')].config");
        if (config is null || (bool?)config["crop_to_aspect_ratio"] == true || (bool?)config["pad_to_aspect_ratio"] == true || (string?)config["data_format"] == "channels_first")
        {
            return;
        }

        using Npz vectors = Npz.Open(Fixtures.Path("keras3-layers", $"{name}.npz"));
        Tensor x = vectors["call0/in0"], y = vectors["call0/out0"];
        if (x.DType != DType.Float32)
        {
            return;
        }

        var g = new GraphBuilder();
        Value image = g.Input("image", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), Dim.Symbol("height"), Dim.Symbol("width"), x.Shape[3]));
        Interpolation interpolation = Enum.Parse<Interpolation>((string)config["interpolation"]!, ignoreCase: true);
        Value resized = g.Resize(image, (int)config["height"]!, (int)config["width"]!, interpolation, (bool?)config["antialias"] == true);
        Tensor actual = new CpuExecutable(g.Build([resized])).Run([x])[0];
        new OpCase(DType.Float32).AssertClose(y.Cast(DType.Float64).As<double>(), actual.Cast(DType.Float64).As<double>(), 3);
    }

    /// <remarks>
    /// Place 10 of 14 over 8 pixels lies at 10.5 · 8 / 14 = 6, which is 1.5 from the centres of pixels 4 and 7, where the Gaussian is cut off.
    /// TensorFlow's <c>ComputeSpansCore</c> has it at 6.0000005 in float32: nearer to pixel 7, whose weight is then
    /// e^-4.5 / (2 e^-0.5 + e^-4.5) = 0.00907, and farther from pixel 4, whose weight is 0.
    /// </remarks>
    [Theory]
    [InlineData(7, 0.0090747)]
    [InlineData(4, 0)]
    public void A_kernel_that_ends_in_a_step_ends_where_float32_has_it(int pixel, double expected)
    {
        var g = new GraphBuilder();
        Value resized = g.Resize(g.Input("image", DType.Float32, new SymbolicShape(1, 8, 1, 1)), 14, 1, Interpolation.Gaussian);
        var x = new float[8];
        x[pixel] = 1;
        Tensor y = new CpuExecutable(g.Build([resized])).Run([Tensor.From(x, 1, 8, 1, 1)])[0];
        Assert.Equal(expected, y.As<float>()[0, 10, 0, 0], 1e-5f);
    }

    [Theory]
    [InlineData(5, 7, 9, 4)]
    [InlineData(4, 4, 8, 12)]
    [InlineData(6, 6, 3, 2)]
    public void Resize_without_half_pixel_centres_samples_at_multiples(int height, int width, int newHeight, int newWidth)
    {
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            var test = new OpCase(type);
            Tensor<double> x = test.Input(new Shape(2, height, width, 3), "batch");
            var shape = new Shape(2, newHeight, newWidth, 3);
            Tensor<double> bilinear = Loops.Make(shape, i =>
            {
                double v = (double)i[1] * height / newHeight, h = (double)i[2] * width / newWidth, sum = 0;
                for (int corner = 0; corner < 4; corner++)
                {
                    (int down, int right) = (corner / 2, corner % 2);
                    double weight = (down == 1 ? v % 1 : 1 - (v % 1)) * (right == 1 ? h % 1 : 1 - (h % 1));
                    sum += weight * x[i[0], Math.Min((int)v + down, height - 1), Math.Min((int)h + right, width - 1), i[3]];
                }

                return sum;
            });
            test.AssertClose(bilinear, test.Run((g, v) => g.Resize(v[0], newHeight, newWidth, Interpolation.Bilinear, halfPixelCenters: false)));
            Tensor<double> nearest = Loops.Make(shape, i => x[i[0], i[1] * height / newHeight, i[2] * width / newWidth, i[3]]);
            test.AssertClose(nearest, test.Run((g, v) => g.Resize(v[0], newHeight, newWidth, Interpolation.Nearest, halfPixelCenters: false)));
        }
    }

    [Fact]
    public void Area_takes_the_mean_of_what_a_pixel_covers()
    {
        var test = new OpCase(DType.Float32);
        test.Add(Tensor.From([1.0, 2, 4, 8, 16, 32], 1, 1, 6, 1));
        Assert.Equal([1.5, 6, 24], test.Run((g, v) => g.Resize(v[0], 1, 3, Interpolation.Area)).ToArray());

        // Each of four pixels covers one and a half.
        Tensor<double> expected = Tensor.From([(1 + (0.5 * 2)) / 1.5, ((0.5 * 2) + 4) / 1.5, (8 + (0.5 * 16)) / 1.5, ((0.5 * 16) + 32) / 1.5], 1, 1, 4, 1);
        test.AssertClose(expected, test.Run((g, v) => g.Resize(v[0], 1, 4, Interpolation.Area)));
    }

    [Theory]
    [InlineData(new[] { 2, 5, 6, 3 }, new[] { 2, 3 }, new[] { 2, 1 }, new[] { 1, 1 }, PaddingMode.Valid)]
    [InlineData(new[] { 2, 5, 6, 3 }, new[] { 2, 3 }, new[] { 2, 2 }, new[] { 1, 1 }, PaddingMode.Same)]
    [InlineData(new[] { 1, 9, 2 }, new[] { 3 }, new[] { 1 }, new[] { 2 }, PaddingMode.Same)]
    public void Patches_are_windows_laid_out_by_tap_and_channel(int[] shape, int[] window, int[] strides, int[] dilations, PaddingMode mode)
    {
        var test = new OpCase(DType.Float32);
        Tensor<double> x = test.Input(new Shape(shape), "batch", "length");
        (int[] sizes, int[] before) = ConvolutionTests.Axes(shape, window, strides, dilations, new Padding(mode));
        int[][] taps = [.. Loops.Indices(new Shape(window)).Select(t => t.ToArray())];
        Tensor<double> expected = Loops.Make(new Shape([shape[0], .. sizes, taps.Length * shape[^1]]), y =>
        {
            int[] at = ConvolutionTests.At(y, taps[y[^1] / shape[^1]], strides, dilations, before);
            at[^1] = y[^1] % shape[^1];
            return ConvolutionTests.Inside(at, shape) ? x[at] : 0;
        });
        test.AssertClose(expected, test.Run((g, v) => g.ExtractPatches(v[0], window, strides, dilations, new Padding(mode))));
    }

    /// <summary>An axis a b c d = 1 2 3 4 seen from −4 to 7.</summary>
    [Theory]
    [InlineData(FillMode.Constant, new[] { 9.0, 9, 9, 9, 1, 2, 3, 4, 9, 9, 9, 9 })]
    [InlineData(FillMode.Nearest, new[] { 1.0, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4 })]
    [InlineData(FillMode.Wrap, new[] { 1.0, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4 })]
    [InlineData(FillMode.Mirror, new[] { 3.0, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2 })]
    [InlineData(FillMode.Reflect, new[] { 4.0, 3, 2, 1, 1, 2, 3, 4, 4, 3, 2, 1 })]
    public void Coordinates_outside_are_filled(FillMode mode, double[] expected)
    {
        var test = new OpCase(DType.Float64);
        test.Add(Tensor.From([1.0, 2, 3, 4], 4));
        test.Add(Tensor.From([.. Enumerable.Range(-4, 12).Select(i => (double)i)], 1, 12));
        test.Add(Tensor.From([.. Enumerable.Range(-4, 11).Select(i => i + 0.25)], 1, 11));
        Tensor<double>[] results = test.Run((g, v) => [g.MapCoordinates(v[0], v[1], linear: false, mode, 9), g.MapCoordinates(v[0], v[1], linear: true, mode, 9), g.MapCoordinates(v[0], v[2], linear: true, mode, 9)]);
        Assert.Equal(expected, results[0].ToArray());
        Assert.Equal(expected, results[1].ToArray());
        Assert.Equal([.. expected.Zip(expected[1..], (a, b) => (0.75 * a) + (0.25 * b))], results[2].ToArray());
    }
}
