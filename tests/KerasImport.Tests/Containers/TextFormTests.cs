using System.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers.Tests;

/// <summary>The forms in which an architecture's text comes.</summary>
public class TextFormTests
{
    private const string Json = """{"class_name": "Sequential", "config": [], "keras_version": "2.2.4", "backend": "theano"}""";

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Json) },
        { "UTF-8 with mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Json)] },
        { "UTF-16", Encoding.Unicode.GetBytes(Json) },
        { "UTF-16 with mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Json)] },
        { "UTF-16 big-endian", Encoding.BigEndianUnicode.GetBytes(Json) },
        { "UTF-32 with mark", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Json)] },
        { "JSON in a JSON string", Encoding.UTF8.GetBytes(new JValue(Json).ToString(Newtonsoft.Json.Formatting.None)) },
        { "twice in a string", Encoding.UTF8.GetBytes(new JValue(new JValue(Json).ToString(Newtonsoft.Json.Formatting.None)).ToString(Newtonsoft.Json.Formatting.None)) },
        { "blanks before", Encoding.UTF8.GetBytes("\r\n\t " + Json + "\n") },
        { "model_config inside", Encoding.UTF8.GetBytes($$"""{"model_config": {{Json}}, "training_config": {"loss": "mse"} }""") },
        { "model_config as text", Encoding.UTF8.GetBytes($$"""{"model_config": {{new JValue(Json).ToString(Newtonsoft.Json.Formatting.None)}} }""") },
        { "YAML", Encoding.UTF8.GetBytes("class_name: Sequential\nconfig: !!python/tuple []\nkeras_version: 2.2.4\nbackend: theano\n") },
        { "YAML, backend first", Encoding.UTF8.GetBytes("backend: theano\nclass_name: Sequential\nconfig: []\nkeras_version: 2.2.4\n") },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Are_all_read(string form, byte[] bytes)
    {
        _ = form;
        using KerasFile file = KerasFileReader.Open(new MemoryStream(bytes), "model.json");
        Assert.Equal(ContainerKind.Architecture, file.Kind);
        Assert.Equal("Sequential", (string)file.Config!["class_name"]!);
        Assert.Equal("2.2.4", file.KerasVersion);
        Assert.Equal("theano", file.Backend);
        Assert.Null(file.Weights);
    }

    [Fact]
    public void Values_are_those_of_Pythons_json()
    {
        JToken json = JsonText.Parse("""{"a": NaN, "b": -Infinity, "c": 1e-7, "d": "2024-08-01T12:34:56", "e": 1, "e": 2, "f": 9223372036854775808}""", "x", ReadLimits.Default);
        Assert.True(double.IsNaN((double)json["a"]!));
        Assert.Equal(double.NegativeInfinity, (double)json["b"]!);
        Assert.Equal(1e-7, (double)json["c"]!);
        Assert.Equal(JTokenType.String, json["d"]!.Type);
        Assert.Equal(2, (int)json["e"]!);
        Assert.Equal(JTokenType.Integer, json["f"]!.Type);
    }

    [Fact]
    public void Yaml_values_are_those_of_PyYAML()
    {
        JToken yaml = YamlText.Parse("a: null\nb: 1.0e-07\nc: true\nd: '1'\ne: -3\nf: &id001 [1, 2]\ng: *id001\nh: .inf\ni: !!python/unicode 'text'\nj: 1.2.2\nk: relu\nl: ''\n", "x", ReadLimits.Default);
        Assert.Equal("""{"a":null,"b":1E-07,"c":true,"d":"1","e":-3,"f":[1,2],"g":[1,2],"h":"Infinity","i":"text","j":"1.2.2","k":"relu","l":""}""",
            yaml.ToString(Newtonsoft.Json.Formatting.None).Replace("Infinity,", "\"Infinity\",", StringComparison.Ordinal).Replace(":Infinity", ":\"Infinity\"", StringComparison.Ordinal));
    }

    /// <summary><c>json.dump(model.get_config(), f)</c>: the class of the model is told by what its config holds.</summary>
    [Theory]
    [InlineData("""[{"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 3]} }]""")]
    [InlineData("""{"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 3]} }]}""")]
    [InlineData("""
        {"name": "m", "layers": [
            {"name": "x", "class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 3], "dtype": "float32", "sparse": false}, "inbound_nodes": []},
            {"name": "d", "class_name": "Dense", "config": {"name": "d", "units": 2}, "inbound_nodes": [[["x", 0, 0, {}]]]}],
         "input_layers": [["x", 0, 0]], "output_layers": [["d", 0, 0]]}
        """)]
    public void What_get_config_gives_is_a_model(string json)
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x.json");
        using KerasModel model = KerasModel.LoadArchitecture(file);
        Assert.Equal(["(3, 2)", "(2,)"], model.Weights.Select(w => w.Shape.ToString()));
    }

    [Theory]
    [InlineData("""{"class_name": "Tokenizer", "config": {}}""", "a Tokenizer, not a model")]
    [InlineData("""{"name": "sequential", "layers": []}""", "an object without class_name; expected \"class_name\" and \"config\", as model.to_json() writes them")]
    [InlineData("""[{"class_name": "Dense"}]""", "found a list; expected a JSON object")]
    [InlineData("""{"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}""", "a TensorFlow.js graph model")]
    [InlineData("[1, 2]", "found a list; expected a JSON object")]
    [InlineData("\"just text\"", "found the text \"just text\"; expected a JSON object")]
    [InlineData("{\"a\": ", "JSON that is cut short")]
    public void Other_json_is_named(string json, string text)
    {
        var error = Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x.json"));
        Assert.Contains(text, error.Message);
        Assert.StartsWith("x.json", error.Message);
    }
}
