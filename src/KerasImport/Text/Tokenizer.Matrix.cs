using KerasCompat.Runtime;

namespace KerasCompat.Text;

public sealed partial class Tokenizer
{
    /// <summary>A matrix of texts by words.</summary>
    /// <returns>Shape <c>(texts, words)</c>; there are <see cref="TokenizerOptions.NumWords"/> words, or one more than the word index has.</returns>
    /// <exception cref="InvalidOperationException">The number of words, or for <see cref="MatrixMode.TfIdf"/> of documents, is unknown: fit first; or it is negative.</exception>
    public Tensor<double> TextsToMatrix(IEnumerable<string> texts, MatrixMode mode = MatrixMode.Binary) => SequencesToMatrix(TextsToSequences(texts), mode);

    /// <summary>The same for texts that are split already.</summary>
    /// <exception cref="InvalidOperationException">The number of words, or for <see cref="MatrixMode.TfIdf"/> of documents, is unknown: fit first; or it is negative.</exception>
    public Tensor<double> TextsToMatrix(IEnumerable<IReadOnlyList<string>> texts, MatrixMode mode = MatrixMode.Binary) => SequencesToMatrix(TextsToSequences(texts), mode);

    /// <summary>A matrix of sequences by words; indices that are too large are left out, negative ones count from the last word.</summary>
    /// <returns>Shape <c>(sequences, words)</c>.</returns>
    /// <exception cref="InvalidOperationException">The number of words, or for <see cref="MatrixMode.TfIdf"/> of documents, is unknown: fit first; or it is negative.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative index is out of range.</exception>
    public Tensor<double> SequencesToMatrix(IReadOnlyList<IReadOnlyList<int>> sequences, MatrixMode mode = MatrixMode.Binary)
    {
        int width = MatrixWidth(mode);
        var matrix = new Tensor<double>(new double[sequences.Count * width], new Shape([sequences.Count, width]));
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < sequences.Count; i++)
        {
            counts.Clear();
            foreach (int index in sequences[i])
            {
                if (index < width)
                {
                    counts[index] = counts.GetValueOrDefault(index) + 1;
                }
            }

            Span<double> row = matrix.Span.Slice(i * width, width);
            foreach ((int index, int count) in counts)
            {
                int at = index < 0 ? index + width : index;
                ArgumentOutOfRangeException.ThrowIfNegative(at, nameof(sequences));
                row[at] = Weight(mode, index, count, sequences[i].Count);
            }
        }

        return matrix;
    }

    private int MatrixWidth(MatrixMode mode)
    {
        if (mode == MatrixMode.TfIdf && DocumentCount == 0)
        {
            throw new InvalidOperationException("Fit the Tokenizer on some data before using tfidf mode.");
        }

        return Options.NumWords is { } words and not 0 ? (words > 0 ? words : throw new InvalidOperationException($"NumWords is {words}: a matrix cannot be so wide."))
            : _wordIndex.Count > 0 ? _wordIndex.Count + 1
            : throw new InvalidOperationException("Specify a dimension (NumWords), or fit on some text data first.");
    }

    private double Weight(MatrixMode mode, int index, int count, int length) => mode switch
    {
        MatrixMode.Binary => 1,
        MatrixMode.Count => count,
        MatrixMode.Freq => (double)count / length,
        MatrixMode.TfIdf => (1 + Math.Log(count)) * Math.Log(1 + (DocumentCount / (1.0 + _indexDocs.GetValueOrDefault(index)))),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), $"Unknown vectorization mode: {mode}"),
    };
}
