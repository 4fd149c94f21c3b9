using KerasCompat.Runtime;
using KerasCompat.Text;

namespace KerasCompat.Convert.Data;

/// <summary>Texts of the command line as rows of a model's only input: as they stand, or by a tokenizer.</summary>
internal static class TextInput
{
    /// <exception cref="ArgumentException">The model does not take one input of this kind.</exception>
    public static IInputRows Open(string[] texts, TextPipeline? pipeline, IReadOnlyList<(string Name, TensorType Type)> inputs)
    {
        if (inputs.Count != 1)
        {
            throw new ArgumentException($"--text fills one input; the model has {string.Join(", ", inputs.Select(i => i.Name))}.");
        }

        (string name, TensorType type) = inputs[0];
        if (type.DType == DType.String)
        {
            return pipeline is null
                ? new TensorRows([type.Shape.Rank == 2 ? Tensor.From(texts, texts.Length, 1) : Tensor.From(texts, texts.Length)])
                : throw new ArgumentException($"Input \"{name}\" takes text itself: leave --tokenizer out.");
        }

        if (pipeline is null)
        {
            throw new ArgumentException($"Input \"{name}\" takes {type.DType.Name()}: name the tokenizer that made its indices with --tokenizer FILE.");
        }

        Tensor<int> rows = pipeline.ToInput(texts);
        if (type.Shape.Rank == 2 && type.Shape[1].ValueOrNull is { } length && length != rows.Shape[1])
        {
            throw new ArgumentException($"Input \"{name}\" takes rows of {length} indices, not of {rows.Shape[1]}: give --maxlen {length}.");
        }

        return new TensorRows([rows]);
    }

    /// <summary>The pipeline of a file; what the command line says comes before what it says.</summary>
    /// <param name="path">A pipeline or a tokenizer.</param>
    /// <param name="inputs">The model's inputs: a fixed length is taken where nothing else tells one.</param>
    /// <param name="maxLength">The length of rows.</param>
    /// <param name="padding"><c>pre</c> or <c>post</c>.</param>
    /// <param name="truncating"><c>pre</c> or <c>post</c>.</param>
    public static TextPipeline Pipeline(string path, IReadOnlyList<(string Name, TensorType Type)> inputs, int? maxLength, string? padding, string? truncating)
    {
        var loaded = TextPipeline.Load(path);
        int? modelLength = inputs.Count == 1 && inputs[0].Type.Shape.Rank == 2 ? inputs[0].Type.Shape[1].ValueOrNull : null;
        return new TextPipeline(loaded.Tokenizer)
        {
            MaxLength = maxLength ?? loaded.MaxLength ?? modelLength,
            Padding = Side(padding, loaded.Padding),
            Truncating = Side(truncating, loaded.Truncating),
            Value = loaded.Value,
            Labels = loaded.Labels,
        };
    }

    private static PadSide Side(string? name, PadSide otherwise) => name switch
    {
        null => otherwise,
        "pre" => PadSide.Pre,
        "post" => PadSide.Post,
        _ => throw new ArgumentException($"\"{name}\": texts are padded and cut at \"pre\" or \"post\"."),
    };
}
