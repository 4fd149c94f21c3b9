using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Tests;

/// <summary>How often weights are held, and that they stay what they are in whatever form they are kept. The heap is looked at, so no other test may run beside.</summary>
[Collection("memory")]
public class WeightMemoryTests
{
    /// <summary>Of weights that are packed as they are only the packed form is held; those with BatchNormalization's factors multiplied in are held beside what was set.</summary>
    [Theory]
    [InlineData("char_gru", 1.2, 1, 100)]
    [InlineData("encoder_mini", 1.2, 1, 128)]
    [InlineData("mobilenetv2", 2.25, 1, 224, 224, 3)]
    public void Weights_are_held_once(string net, double most, params int[] input)
    {
        long before = Held();
        using KerasModel model = Filled(net);
        model.Predict(Input(model, input));
        long held = Held() - before;
        long weights = model.Weights.Sum(w => (long)w.Shape.ElementCount * w.DType.Size());
        Assert.InRange(held, 0, (long)(most * weights) + (2 << 20));
    }

    [Theory]
    [InlineData("char_gru", 1, 20)]
    [InlineData("imdb_bilstm", 1, 20)]
    [InlineData("encoder_mini", 1, 128)]
    [InlineData("mobilenetv2", 1, 224, 224, 3)]
    [InlineData("imdb_cnn", 1, 400)]
    public void Weights_can_be_had_from_their_packed_form(string net, params int[] input)
    {
        using KerasModel model = Filled(net);
        Tensor[] set = model.GetWeights();
        model.Predict(Input(model, input));
        Tensor[] found = model.GetWeights();
        Assert.All(set.Zip(found), pair => Assert.True(pair.First.Bytes.SequenceEqual(pair.Second.Bytes)));
        Assert.Contains(set.Zip(found), pair => !ReferenceEquals(pair.First, pair.Second));
    }

    [Fact]
    public void Weights_set_after_a_prediction_are_the_ones_that_count()
    {
        using KerasModel model = Filled("encoder_mini"), other = Filled("encoder_mini", shift: 7);
        Tensor input = Input(model, [1, 128]);
        Tensor first = model.Predict(input);
        Weight changed = model.Layers.First(l => l.ClassName == "Dense").Weights.First();
        string layer = model.Layers.First(l => l.ClassName == "Dense").Name;
        model.SetWeights(layer, other.Layers[layer].GetWeights());
        Assert.False(first.Bytes.SequenceEqual(model.Predict(input).Bytes));
        Assert.True(changed.Value.Bytes.SequenceEqual(other.Layers[layer].GetWeights()[0].Bytes));

        model.SetWeights(other.GetWeights());
        Assert.True(other.Predict(input).Bytes.SequenceEqual(model.Predict(input).Bytes));
    }

    /// <summary>Plans of two shapes, made at once, want the same packed weights.</summary>
    [Fact]
    public void Shapes_may_be_called_at_once_for_the_first_time()
    {
        int[][] shapes = [[1, 128], [2, 128], [3, 128], [8, 128]];
        using KerasModel one = Filled("encoder_mini"), many = Filled("encoder_mini");
        Tensor[] expected = [.. shapes.Select(s => one.Predict(Input(one, s)))], found = new Tensor[shapes.Length];
        using var start = new Barrier(shapes.Length);
        Thread[] threads = [.. shapes.Select((shape, i) => new Thread(() =>
        {
            Tensor input = Input(many, shape);
            start.SignalAndWait();
            found[i] = many.Predict(input);
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.All(expected.Zip(found), pair => Assert.True(pair.First.Bytes.SequenceEqual(pair.Second.Bytes)));
        Assert.All(one.GetWeights().Zip(many.GetWeights()), pair => Assert.True(pair.First.Bytes.SequenceEqual(pair.Second.Bytes)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_is_given_back_with_the_model(bool leaveInFile)
    {
        LoadPredictAndDispose(leaveInFile);
        long before = Held();
        LoadPredictAndDispose(leaveInFile);
        Assert.InRange(Held() - before, long.MinValue, 1 << 17);
    }

    [Fact]
    public void Weights_left_in_the_file_are_the_same()
    {
        using var copy = new TemporaryFile(Imdb);
        using KerasModel loaded = KerasModel.Load(copy.Path), left = KerasModel.Load(copy.Path, new LoadOptions { LeaveWeightsInFile = true });
        Tensor input = EnduranceTests.Drawn(2, loaded.Inputs[0].Type.Shape[1].ValueOrNull ?? 80);
        Same(loaded.GetWeights(), left.GetWeights());
        Same(loaded.Predict([input]), left.Predict([input]));
        Same(loaded.GetWeights(), left.GetWeights());

        Tensor[] half = [.. loaded.GetWeights().Select(Halved)];
        loaded.SetWeights(half);
        left.SetWeights(half);
        Same(loaded.Predict([input]), left.Predict([input]));

        static Tensor Halved(Tensor tensor)
        {
            Tensor<float> half = tensor.Clone().As<float>();
            Array.ForEach([.. Enumerable.Range(0, half.Length)], i => half.Span[i] /= 2);
            return half;
        }
    }

    [Fact]
    public void A_file_written_since_is_told_and_not_read()
    {
        using var copy = new TemporaryFile(Imdb);
        using KerasModel model = KerasModel.Load(copy.Path, new LoadOptions { LeaveWeightsInFile = true });
        File.SetLastWriteTimeUtc(copy.Path, DateTime.UtcNow.AddMinutes(1));
        Assert.Contains("has been written since it was loaded", Assert.Throws<IOException>(model.GetWeights).Message, StringComparison.Ordinal);
    }

    /// <summary>The token stops the load; weights that were left in the file can be read when it has been cancelled later.</summary>
    [Fact]
    public void The_token_of_a_load_that_is_over_stops_nothing()
    {
        using var stop = new CancellationTokenSource();
        using KerasModel model = KerasModel.Load(Imdb, new LoadOptions { LeaveWeightsInFile = true, CancellationToken = stop.Token });
        stop.Cancel();
        Assert.NotEmpty(model.GetWeights());
    }

    private static string Imdb => Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.h5");

    private static void LoadPredictAndDispose(bool leaveInFile)
    {
        using KerasModel model = KerasModel.Load(Imdb, new LoadOptions { LeaveWeightsInFile = leaveInFile });
        model.Predict(EnduranceTests.Drawn(2, model.Inputs[0].Type.Shape[1].ValueOrNull ?? 80));
    }

    private static void Same(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> found) =>
        Assert.All(expected.Zip(found), pair => Assert.True(pair.First.Bytes.SequenceEqual(pair.Second.Bytes)));

    private static KerasModel Filled(string net, int shift = 0)
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("architectures", $"{net}.json.gz"));
        KerasModel model = KerasModel.LoadArchitecture(file);
        model.FillWeights((i, w) => ArchitectureFormula.Weight(i + shift, w.Name, w.Shape));
        return model;
    }

    private static Tensor Input(KerasModel model, int[] dims) =>
        ArchitectureFormula.Input(0, new Shape(dims), model.Layers.Any(l => l.ClassName == "Embedding") ? 60 : null);

    /// <summary>Bytes of the heap, and of weights outside of it.</summary>
    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(true) + NativeBlock.LiveBytes;
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string original) => File.Copy(original, Path);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():N}.h5");

        public void Dispose() => File.Delete(Path);
    }
}
