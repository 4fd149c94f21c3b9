namespace KerasCompat.Text;

/// <summary>What stands in a matrix of texts by words; c is how often the word occurs in the text.</summary>
public enum MatrixMode
{
    /// <summary>1 where the word occurs.</summary>
    Binary,

    /// <summary>c.</summary>
    Count,

    /// <summary>(1 + ln c) · ln(1 + documents / (1 + documents with the word)).</summary>
    TfIdf,

    /// <summary>c divided by the length of the sequence, indices that are too large included.</summary>
    Freq,
}
