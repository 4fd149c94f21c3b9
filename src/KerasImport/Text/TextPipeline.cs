using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text;

/// <summary>All that stands between a text and a model's input, and between its output and a name: kept as one JSON beside the model.</summary>
/// <remarks>
/// <code>
/// var pipeline = new TextPipeline(Tokenizer.Load("tokenizer.pickle")) { MaxLength = 500, Labels = ["negative", "positive"] };
/// pipeline.Save("sentiment.json");
/// Tensor output = model.Predict(pipeline.ToInput("What a film!"));
/// Console.WriteLine(pipeline.Classify(output)[0]);
/// </code>
/// </remarks>
/// <param name="tokenizer">Turns texts into indices.</param>
public sealed class TextPipeline(Tokenizer tokenizer)
{
    private const string ClassName = "TextPipeline";

    private static readonly string[] Keys = ["class_name", "tokenizer", "generation", "maxlen", "padding", "truncating", "value", "labels"];

    /// <summary>Turns texts into indices.</summary>
    public Tokenizer Tokenizer { get; } = tokenizer;

    /// <summary>The length of every row; the longest text's where it is null. Keras's <c>maxlen</c>.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Where short texts are filled up.</summary>
    public PadSide Padding { get; init; }

    /// <summary>Where long texts are cut.</summary>
    public PadSide Truncating { get; init; }

    /// <summary>What short texts are filled up with.</summary>
    public int Value { get; init; }

    /// <summary>The classes' names in the order of the output; two for an output of one probability, the second being what it is the probability of.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The model's input for some texts.</summary>
    /// <returns>Indices, <c>(texts, length)</c>.</returns>
    public Tensor<int> ToInput(params IReadOnlyList<string> texts) =>
        Sequences.PadSequences(Tokenizer.TextsToSequences(texts), MaxLength, Padding, Truncating, Value);

    /// <summary>The most likely class of each row of an output, and its probability.</summary>
    /// <param name="output">Probabilities, <c>(texts, classes)</c>, or <c>(texts, 1)</c> or <c>(texts)</c> for two classes.</param>
    /// <exception cref="InvalidOperationException">The labels are not as many as the classes.</exception>
    public IReadOnlyList<(string Label, double Probability)> Classify(Tensor output)
    {
        int rows = output.Shape[0], classes = output.Length / Math.Max(rows, 1);
        if (rows > 0 && Labels.Count != Math.Max(classes, 2))
        {
            throw new InvalidOperationException($"The output {output.Shape} tells {Math.Max(classes, 2)} classes apart; the pipeline has {Labels.Count} labels.");
        }

        double[] values = output.Cast(DType.Float64).As<double>().ToArray();
        return [.. Enumerable.Range(0, rows).Select(row => Best(values.AsSpan(row * classes, classes)))];
    }

    /// <summary>The pipeline as JSON.</summary>
    public string ToJson() => new JObject
    {
        ["class_name"] = ClassName,
        ["tokenizer"] = JObject.Parse(Tokenizer.ToJson()),
        ["generation"] = Tokenizer.Options.Generation.ToString(),
        ["maxlen"] = MaxLength,
        ["padding"] = Name(Padding),
        ["truncating"] = Name(Truncating),
        ["value"] = Value,
        ["labels"] = new JArray(Labels),
    }.ToString(Formatting.Indented);

    /// <summary>Writes the pipeline to a file.</summary>
    public void Save(string path) => WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary>Reads the JSON of a pipeline.</summary>
    /// <exception cref="ModelFormatException">The text is no pipeline.</exception>
    /// <exception cref="ResourceLimitException">It is too long, or nested too deep.</exception>
    public static TextPipeline FromJson(string json, ReadLimits? limits = null) => Read(JsonText.Parse(json, "pipeline", limits ?? ReadLimits.Default), "pipeline", limits ?? ReadLimits.Default);

    /// <summary>Reads a file: a pipeline, or whatever <see cref="Tokenizer.Load"/> reads, which then is padded to the longest text.</summary>
    /// <exception cref="ModelFormatException">The file is neither.</exception>
    /// <exception cref="UnsupportedModelException">A pickle names functions or classes beyond plain data.</exception>
    /// <exception cref="ResourceLimitException">The file is larger than the limits allow.</exception>
    public static TextPipeline Load(string path, ReadLimits? limits = null)
    {
        limits ??= ReadLimits.Default;
        byte[] bytes = SmallFile.Read(path, limits);
        return !Pickle.Looks(bytes) && JsonText.Parse(bytes, path, limits) is JObject json && json["class_name"] is JValue { Value: ClassName }
            ? Read(json, path, limits)
            : new TextPipeline(Tokenizer.Load(path, limits: limits));
    }

    private static TextPipeline Read(JToken token, string place, ReadLimits limits)
    {
        JObject json = JsonText.AsObject(token, place);
        if (json["class_name"] is not JValue { Value: ClassName })
        {
            throw new ModelFormatException($"{place}.class_name", json["class_name"] is { } other ? JsonText.Describe(other) : "nothing", $"\"{ClassName}\"");
        }

        if (json.Properties().FirstOrDefault(p => !Keys.Contains(p.Name)) is { } unknown)
        {
            throw new ModelFormatException($"{place}.{unknown.Name}", JsonText.Describe(unknown.Value), $"one of {string.Join(", ", Keys)}");
        }

        TokenizerGeneration generation = Choice(json, place, "generation", Enum.GetValues<TokenizerGeneration>(), g => g.ToString());
        return new TextPipeline(TokenizerJson.Read(json["tokenizer"] ?? JValue.CreateNull(), $"{place}.tokenizer", generation, limits))
        {
            MaxLength = Number(json, place, "maxlen"),
            Padding = Choice(json, place, "padding", Enum.GetValues<PadSide>(), Name),
            Truncating = Choice(json, place, "truncating", Enum.GetValues<PadSide>(), Name),
            Value = Number(json, place, "value") ?? 0,
            Labels = json["labels"] switch
            {
                null or { Type: JTokenType.Null } => [],
                JArray labels when labels.All(l => l.Type == JTokenType.String) => [.. labels.Select(l => (string)l!)],
                var other => throw new ModelFormatException($"{place}.labels", JsonText.Describe(other), "a list of names"),
            },
        };
    }

    private static int? Number(JObject json, string place, string key) => json[key] switch
    {
        null or { Type: JTokenType.Null } => null,
        JValue { Value: long and >= int.MinValue and <= int.MaxValue and var number } => (int)(long)number,
        var other => throw new ModelFormatException($"{place}.{key}", JsonText.Describe(other), "a whole number"),
    };

    private static T Choice<T>(JObject json, string place, string key, T[] choices, Func<T, string> name) => json[key] switch
    {
        null => choices[0],
        JValue { Value: string text } when Array.FindIndex(choices, c => name(c) == text) is >= 0 and var at => choices[at],
        var other => throw new ModelFormatException($"{place}.{key}", JsonText.Describe(other), string.Join(" or ", choices.Select(name))),
    };

    private static string Name(PadSide side) => side == PadSide.Pre ? "pre" : "post";

    private (string Label, double Probability) Best(ReadOnlySpan<double> classes)
    {
        if (classes.Length == 1)
        {
            return classes[0] >= 0.5 ? (Labels[1], classes[0]) : (Labels[0], 1 - classes[0]);
        }

        int best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(classes);
        return (Labels[best], classes[best]);
    }
}
