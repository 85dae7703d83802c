"""Training of checkpoints of the Hugging Face form: texts, lines, or several heads on one base.

Nothing here imports PyTorch before a model is loaded, and nothing knows documents of a run or
files of labels: ``curation.finetuning`` brings examples and writes cards.
"""
