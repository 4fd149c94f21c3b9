using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>Sequential models that were never built: the file lacks the input's shape, the caller gives it.</summary>
public class UnbuiltModelTests
{
    private static readonly string[] ShapeKeys = ["batch_input_shape", "batch_shape", "input_shape", "build_input_shape"];

    private const string Dense = """{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}]}}""";

    /// <summary>Whole models of every generation that Keras's own numbers are known of.</summary>
    public static TheoryData<string, string> Models
    {
        get
        {
            var models = new TheoryData<string, string>();
            foreach (string suite in (string[])["seeds", "real", "keras2", "containers"])
            {
                foreach (JObject test in Fixtures.Cases(suite).Where(c => (string)c["expect"]! == "same" && c["vectors"] is not null && c["weights"] is null && c["history"] is null && ((string?)c["model"])?.EndsWith(".h5", StringComparison.Ordinal) == true))
                {
                    using KerasFile file = KerasFileReader.Open(Fixtures.Path(suite, (string)test["model"]!));
                    if (file is { Config: { } config, Weights: LayerWeights, KerasVersion: { } version } && version[0] != '1' && (string?)config["class_name"] == "Sequential" && WithoutShape(config) is not null)
                    {
                        models.Add(suite, (string)test["name"]!);
                    }
                }
            }

            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Given_the_shape_the_numbers_are_those_of_the_built_model(string suite, string name)
    {
        JObject test = Fixtures.Cases(suite).Single(c => (string)c["name"]! == name);
        string weights = Fixtures.Path(suite, (string)test["model"]!);
        using var folder = new TemporaryFolder();
        string architecture = folder.File("model.json");
        int?[] shape;
        using (KerasFile file = KerasFileReader.Open(weights))
        using (KerasModel built = KerasModel.Load(file))
        {
            File.WriteAllText(architecture, WithoutShape(file.Config!)!.ToString());
            shape = [.. ((JArray)built.Canonical.Root["config"]!["layers"]![0]!["config"]!["batch_shape"]!).Skip(1).Select(d => (int?)d)];
        }

        var e = Assert.Throws<ModelFormatException>(() => KerasModel.Load(weights, architecture));
        Assert.Contains("LoadOptions.InputShape", e.Message, StringComparison.Ordinal);
        using KerasModel model = KerasModel.Load(weights, architecture, new LoadOptions { InputShape = shape });
        VerificationReport report = model.Verify(
            Fixtures.Path(suite, (string)test["vectors"]!),
            new Tolerance((double?)test["atol"] ?? Tolerance.Default.Absolute, (double?)test["rtol"] ?? Tolerance.Default.Relative));
        Assert.True(report.Passes, report.ToString());
    }

    [Fact]
    public void The_refusal_names_the_option_and_the_first_stored_array()
    {
        using var folder = new TemporaryFolder();
        string architecture = folder.File("model.json");
        string weights = Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.h5");
        using (KerasFile file = KerasFileReader.Open(weights))
        {
            File.WriteAllText(architecture, WithoutShape(file.Config!)!.ToString());
        }

        string message = Assert.Throws<ModelFormatException>(() => KerasModel.Load(weights, architecture)).Message;
        Assert.Contains("never built", message, StringComparison.Ordinal);
        Assert.Contains("convert --input-shape", message, StringComparison.Ordinal);
        Assert.Contains("is of shape (", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Axes_may_stay_open_and_a_model_of_indices_takes_indices()
    {
        using KerasModel model = Load("""{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Embedding", "config": {"name": "e", "input_dim": 5, "output_dim": 2}}]}}""", [null]);
        Assert.Equal(DType.Int32, model.Inputs[0].Type.DType);
        Assert.Equal("e_input", model.Inputs[0].Name);
        Assert.Equal(new Shape(3, 4, 2), model.Predict(Tensor.From(new int[12], 3, 4)).Shape);
    }

    [Fact]
    public void A_model_in_a_model_takes_what_its_first_layer_takes()
    {
        using KerasModel model = Load(
            """{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "Embedding", "config": {"name": "e", "input_dim": 5, "output_dim": 2}}]}}]}}""",
            [7]);
        Assert.Equal(DType.Int32, model.Inputs[0].Type.DType);
        Assert.Equal(new Shape(3, 7, 2), model.Predict(Tensor.From(new int[21], 3, 7)).Shape);
    }

    /// <summary>A shape that the file has already may be said again, but not another.</summary>
    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    [InlineData(false, 3, 3)]
    public void A_shape_in_the_file_is_not_overruled(bool loads, params int[] shape)
    {
        string built = Dense.Replace("\"units\"", "\"batch_input_shape\": [null, 3], \"units\"", StringComparison.Ordinal);
        int?[] given = [.. shape.Select(s => (int?)s)];
        if (loads)
        {
            using KerasModel model = Load(built, given);
            Assert.Equal("d_input", Assert.Single(model.Inputs).Name);
        }
        else
        {
            Assert.Contains("(None, 3), as the file says", Assert.Throws<ModelFormatException>(() => Load(built, given)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Sizes_below_one_are_refused(int size) =>
        Assert.Contains("InputShape", Assert.Throws<ModelFormatException>(() => Load(Dense, [size])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_functional_model_takes_no_shape()
    {
        string path = Fixtures.Path("real", "dl4j__12net.h5");
        Assert.Contains("no Sequential", Assert.Throws<ModelFormatException>(() => KerasModel.Load(path, new LoadOptions { InputShape = [3] })).Message, StringComparison.Ordinal);
    }

    private static KerasModel Load(string json, int?[] shape)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        KerasModel model = KerasModel.LoadArchitecture(KerasFileReader.Open(stream, "model.json"), new LoadOptions { InputShape = shape });
        model.FillWeights((i, w) => SmallModel.Numbers(w.Shape, 7 + i));
        return model;
    }

    /// <summary>The architecture as it is saved before the model was built; null where its first layer is a model, which has a shape of its own.</summary>
    private static JObject? WithoutShape(JObject config)
    {
        var copy = (JObject)config.DeepClone();
        copy.Remove("build_config");
        JArray layers = copy["config"] as JArray ?? (JArray)copy["config"]!["layers"]!;
        (copy["config"] as JObject)?.Remove("build_input_shape");
        if ((string?)layers[0]["class_name"] == "InputLayer")
        {
            layers.RemoveAt(0);
        }

        if (layers[0]["config"] is not JObject first || first.ContainsKey("layers"))
        {
            return null;
        }

        foreach (string key in ShapeKeys)
        {
            first.Remove(key);
            (first["layer"]?["config"] as JObject)?.Remove(key);
        }

        return copy;
    }
}
